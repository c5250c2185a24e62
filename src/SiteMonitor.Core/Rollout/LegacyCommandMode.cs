namespace SiteMonitor.Core.Rollout;

/// <summary>How far the old commands are on their way out: the variants of the flag <c>LegacyCommands</c>.</summary>
public enum LegacyCommandMode
{
    Available,
    Deprecated,
    Redirected,
    Removed,
}
