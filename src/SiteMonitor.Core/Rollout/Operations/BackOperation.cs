using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Steps back to the phase before: its flags, with evidence and soak restarted.</summary>
internal static class BackOperation
{
    public static OperationDraft Prepare(OperationContext context, OperatorRequest request)
    {
        if (AdvanceOperation.FindBlockingState(context, request, "back") is { } refusal)
        {
            return OperationDraft.Refused(refusal);
        }

        if (context.Plan.Before(context.State.Phase) is not { } previous)
        {
            return OperationDraft.Nothing($"'{context.State.Phase}' is the first phase.", "rollout status");
        }

        string before = context.State.Phase;
        RolloutEdit edit = AdvanceOperation.EnterPhase(context, previous, "back", request);
        edit.Audit(request.Operator, "back", request.Reason, before, previous.Name);
        edit.AnnounceWhenDone(
            Topics.PhaseEntered, $"Back to phase {previous.Name}: {previous.Title}",
            [previous.Message, $"By {request.Operator}: {request.Reason}"]);
        return OperationDraft.Change(
            edit, $"Back from '{before}' to '{previous.Name}' ({previous.Title}).", "rollout status; later rollout gate",
            "The gate's evidence and soak period restart; criteria of this phase must be confirmed again.");
    }
}
