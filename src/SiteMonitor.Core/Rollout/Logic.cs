namespace SiteMonitor.Core.Rollout;

/// <summary>Which logic a stage runs.</summary>
public enum Logic
{
    Unified,
    Legacy,

    /// <summary>The stage is switched off and so is its fallback: the issue waits, and says so.</summary>
    Wait,
}
