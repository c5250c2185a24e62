using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>The facts an operation decides by, read at one moment.</summary>
public sealed record OperationContext(RolloutState State, RolloutPlan Plan, FlagSnapshot Flags)
{
    /// <summary>The gate of the current phase; empty where the operation does not ask for it.</summary>
    public IReadOnlyList<CriterionResult> Criteria { get; init; } = [];

    public IReadOnlyList<CriterionResult> Unmet => [.. Criteria.Where(c => c.State != CriterionState.Met)];

    public bool GateIsMet => Unmet.Count == 0;

    /// <summary>Null when a changed plan no longer has the phase the rollout is in; a rollback must work nevertheless.</summary>
    public PhasePlan? KnownPhase => Plan.Find(State.Phase);

    public PhasePlan Phase => KnownPhase ?? throw new InvalidOperationException(DescribeUnknownPhase(State.Phase));

    /// <summary>What the flags should say; without a known phase only what a rollback has set.</summary>
    public IReadOnlyList<FlagTarget> Desired =>
        KnownPhase is { } phase ? DesiredFlags.For(phase, State.RolledBack) : State.RolledBack?.Overlay ?? [];

    public IReadOnlyList<FlagDrift> Drift => State.Transition is null ? DesiredFlags.FindDrift(Desired, Flags) : [];

    /// <summary>Describes the flags changed outside that the operator has not asked to overwrite; null if there are none.</summary>
    public IReadOnlyList<string>? GetUnconfirmedDrift(OperatorRequest request) =>
        request.OverwriteDrift || Drift is not { Count: > 0 } drift ? null : [.. drift.Select(d => d.Describe())];

    /// <summary>The refusal of an operation that needs the phase in the plan; null when the plan has it.</summary>
    public OperationResult? FindUnknownPhaseRefusal() =>
        KnownPhase is null ? OperationResult.Refuse(DescribeUnknownPhase(State.Phase), "rollout status") : null;

    /// <summary>Display text: a phase that the plan does not have, and what to do.</summary>
    public static string DescribeUnknownPhase(string phase) =>
        $"The rollout is in phase '{phase}', which the plan does not have: put it back into the plan (Rollout:Plan) and restart. "
        + "Until then only the guard and rollout rollback work.";
}
