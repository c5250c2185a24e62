namespace SiteMonitor.LocalHost.Sandbox.Seeds;

/// <summary>Which findings a new sandbox starts with.</summary>
public enum SeedSet
{
    /// <summary>The repository with its labels, no issue.</summary>
    Empty,

    /// <summary>Everything in <c>Findings.*.json</c>.</summary>
    Full,
}
