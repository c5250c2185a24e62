using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Control;

/// <summary>What an operation decides by, read at one moment.</summary>
public sealed record Situation
{
    public required RolloutState State { get; init; }

    public required RolloutPlan Plan { get; init; }

    public required FlagSnapshot Flags { get; init; }

    /// <summary>The gate of the current phase; empty where the operation does not ask for it.</summary>
    public IReadOnlyList<CriterionResult> Criteria { get; init; } = [];

    public required DateTimeOffset Now { get; init; }

    public PhasePlan Phase => Plan.Find(State.Phase) ?? throw new InvalidOperationException(
        $"The rollout is in phase '{State.Phase}', which the plan does not have; put that phase back into the plan (Rollout:Plan).");

    public IReadOnlyList<FlagTarget> Desired => DesiredFlags.Of(Phase, State.RolledBack);

    public IReadOnlyList<FlagDrift> Drift => State.Transition is null ? DesiredFlags.Drift(Desired, Flags) : [];

    /// <summary>A line for each flag that somebody changed outside, where the operator has not said to overwrite it; null when there is nothing to ask.</summary>
    public IReadOnlyList<string>? DriftToAskAbout(OperatorRequest request) => request.OverwriteDrift || Drift is not { Count: > 0 } drift
        ? null
        : [.. drift.Select(d => $"{d.Flag} is {d.Actual}, the plan says {d.Wanted}")];

    public bool GateIsMet => Criteria.All(c => c.State == CriterionState.Met);
}
