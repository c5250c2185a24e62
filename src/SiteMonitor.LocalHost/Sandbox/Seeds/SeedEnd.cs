namespace SiteMonitor.LocalHost.Sandbox.Seeds;

/// <summary>How the unified pipeline must leave a seed.</summary>
public enum SeedEnd
{
    /// <summary>Specialist labels, guidance, Copilot assigned.</summary>
    Ready,

    NeedsReview,

    NeedsClarification,

    /// <summary>Not touched at all.</summary>
    Untouched,
}
