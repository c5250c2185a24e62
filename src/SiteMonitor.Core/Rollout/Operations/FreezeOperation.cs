using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Freezes and unfreezes the rollout, or restarts its evidence.</summary>
internal static class FreezeOperation
{
    public static OperationResult Freeze(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (context.State.Frozen is { } frozen)
        {
            return OperationResult.Nothing($"The rollout is already frozen by {frozen.By}: {frozen.Reason}", "rollout unfreeze");
        }

        edit.State = edit.State with { Frozen = new FreezeState(request.Operator, request.Reason, edit.Now) };
        edit.Audit(request.Operator, "freeze", request.Reason);
        edit.Announce(Topics.RolloutChanged, $"The rollout is frozen in phase {context.State.Phase}",
            [$"By {request.Operator}: {request.Reason}"]);
        return OperationResult.Planned(
            $"Frozen in phase '{context.State.Phase}': no phase change until it is unfrozen. The guard stays active.", "rollout unfreeze");
    }

    /// <summary>Lifts a freeze, and nothing else.</summary>
    public static OperationResult Unfreeze(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (context.State.Frozen is not { } frozen)
        {
            return OperationResult.Nothing("The rollout is not frozen.",
                context.State.RolledBack is null ? "rollout status" : "rollout resume lifts a rollback");
        }

        edit.State = edit.State with { Frozen = null };
        edit.Audit(request.Operator, "unfreeze", request.Reason, $"frozen by {frozen.By}: {frozen.Reason}");
        edit.Announce(Topics.RolloutChanged, $"The rollout is no longer frozen in phase {context.State.Phase}",
            [request.Reason.Length > 0 ? $"By {request.Operator}: {request.Reason}" : $"By {request.Operator}."]);
        return OperationResult.Planned($"No longer frozen (the reason was: {frozen.Reason}).", "rollout status",
            context.State.RolledBack is { } mark ? [$"The {mark.Title} is still in effect: rollout resume lifts it."] : []);
    }

    public static OperationResult ResetEvidence(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        edit.ResetEvidence();
        edit.Audit(request.Operator, "reset-evidence", request.Reason, $"since {context.State.EvidenceFrom:u}", $"since {edit.Now:u}");
        return OperationResult.Planned("The evidence was reset: the gate counts from now on, and the soak time restarts.", "rollout gate");
    }
}
