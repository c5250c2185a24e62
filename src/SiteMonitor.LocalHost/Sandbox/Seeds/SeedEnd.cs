namespace SiteMonitor.LocalHost.Sandbox.Seeds;

/// <summary>How the unified pipeline must leave a seed.</summary>
public enum SeedOutcome
{
    /// <summary>Specialist labels, guidance, Copilot assigned.</summary>
    Ready,

    NeedsReview,

    NeedsClarification,

    /// <summary>Not touched at all.</summary>
    Untouched,
}
