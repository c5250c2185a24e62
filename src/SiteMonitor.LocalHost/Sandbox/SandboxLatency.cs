namespace SiteMonitor.LocalHost.Sandbox;

/// <summary>How long the simulators let a caller wait.</summary>
public sealed record SandboxLatency
{
    public TimeSpan GitHub { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Model { get; init; } = TimeSpan.FromMilliseconds(40);
}
