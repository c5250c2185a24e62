namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The GitHub workflows the rollout switches, by file name.</summary>
public sealed record WorkflowPlan
{
    public IReadOnlyList<string> Old { get; init; } = [];

    public IReadOnlyList<string> New { get; init; } = [];
}
