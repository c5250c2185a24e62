namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>The source of the top-level fields.</summary>
internal sealed class GraphRoot
{
    public static GraphRoot Instance { get; } = new();
}
