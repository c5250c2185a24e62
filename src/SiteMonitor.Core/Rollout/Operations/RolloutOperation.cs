using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>An operation on the rollout, with what is checked before it decides.</summary>
/// <param name="Name">As in the route and on the command line.</param>
/// <param name="Prepare">Edits the state and returns what it planned, or leaves the edit untouched and returns why.</param>
internal sealed record RolloutOperation(string Name, Func<OperationContext, OperatorRequest, RolloutEdit, OperationResult> Prepare)
{
    public bool ReadsGate { get; init; }

    /// <summary>Whether it needs a reason, also for a dry run, whose plan is confirmed before the operation itself is asked for.</summary>
    public bool NeedsReason { get; init; }

    /// <summary>
    /// Whether it is wanted whatever the phase. Any other is refused when the phase is not the one it was asked for in, or changes meanwhile.
    /// </summary>
    public bool InAnyPhase { get; init; }

    public static IReadOnlyList<RolloutOperation> All { get; } =
    [
        new("announce", AnnounceOperation.Prepare),
        new("advance", PhaseChange.Advance) { ReadsGate = true },
        new("back", PhaseChange.Back) { NeedsReason = true },
        new("rollback", RollbackOperation.Prepare) { InAnyPhase = true },
        new("freeze", FreezeOperation.Freeze) { NeedsReason = true },
        new("unfreeze", FreezeOperation.Unfreeze),
        new("resume", ResumeOperation.Prepare),
        new("no-go", NoGoOperation.Prepare) { ReadsGate = true, NeedsReason = true, InAnyPhase = true },
        new("confirm", Confirmations.Confirm),
        new("withdraw", Confirmations.Withdraw),
        new("reset-evidence", FreezeOperation.ResetEvidence) { NeedsReason = true },
    ];
}
