namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>One phase.</summary>
public sealed record PhasePlan
{
    /// <summary>Lower case with hyphens: <c>soft-launch</c>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required PhaseFlags Flags { get; init; }

    /// <summary>All must be met to leave the phase.</summary>
    public IReadOnlyList<Criterion> Gate { get; init; } = [];

    /// <summary>From how many runs on the guard judges in this phase; null: as the guard's plan says.</summary>
    public int? GuardMinimumRuns { get; init; }

    /// <summary>Which workflows run in this phase: <c>old</c>, <c>both</c>, <c>new</c> or <c>none</c>.</summary>
    public WorkflowMode Workflows { get; init; } = WorkflowMode.Old;

    /// <summary>What to tell people when the phase is entered.</summary>
    public string Message { get; init; } = string.Empty;
}
