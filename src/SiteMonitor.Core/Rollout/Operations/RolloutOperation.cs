using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>An operation on the rollout and the checks that precede it.</summary>
/// <param name="Name">As in the route and on the command line.</param>
/// <param name="Prepare">
/// Edits the state and returns what it planned, or leaves the edit untouched and returns why nothing is to be done.
/// </param>
internal sealed record RolloutOperation(string Name, Func<OperationContext, OperatorRequest, RolloutEdit, OperationResult> Prepare)
{
    public bool ReadsGate { get; init; }

    /// <summary>
    /// Whether a reason is required, in a dry run too: the command line asks for confirmation of the dry run before it sends the operation.
    /// Rollback, confirm and withdraw check the reason themselves.
    /// </summary>
    public bool NeedsReason { get; init; }

    /// <summary>Whether it still applies if the phase has changed since the request; any other operation is then a conflict.</summary>
    public bool AllowsPhaseChange { get; init; }

    public static IReadOnlyList<RolloutOperation> All { get; } =
    [
        new("announce", AnnounceOperation.Prepare),
        new("advance", PhaseChange.Advance) { ReadsGate = true },
        new("back", PhaseChange.Back) { NeedsReason = true },
        new("rollback", RollbackOperation.Prepare) { AllowsPhaseChange = true },
        new("freeze", FreezeOperation.Freeze) { NeedsReason = true },
        new("unfreeze", FreezeOperation.Unfreeze),
        new("resume", ResumeOperation.Prepare),
        new("no-go", RollbackOperation.PrepareNoGo) { ReadsGate = true, NeedsReason = true, AllowsPhaseChange = true },
        new("confirm", Confirmations.Confirm),
        new("withdraw", Confirmations.Withdraw),
        new("reset-evidence", FreezeOperation.ResetEvidence) { NeedsReason = true },
    ];
}
