using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Freezes the rollout, or starts its evidence afresh.</summary>
internal static class FreezeOperation
{
    public static OperationDraft Freeze(OperationContext situation, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("A freeze needs a reason.", "rollout freeze --reason \"…\""));
        }

        if (situation.State.Frozen is { } frozen)
        {
            return OperationDraft.Nothing($"Frozen already by {frozen.By}: {frozen.Reason}", "rollout resume");
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        edit.State = edit.State with { Frozen = new FreezeMark(request.Operator, request.Reason, situation.Now) };
        edit.Audit(request.Operator, "freeze", request.Reason);
        edit.Announce(Topics.RolloutChanged, $"The rollout is frozen in phase {situation.State.Phase}", [$"By {request.Operator}: {request.Reason}"]);
        return OperationDraft.Change(edit, $"Frozen in phase '{situation.State.Phase}': no advance until resume. The guard stays on watch.", "rollout resume");
    }

    public static OperationDraft ResetEvidence(OperationContext situation, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("Starting the evidence afresh needs a reason: it is audited.", "rollout reset-evidence --reason \"…\""));
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        edit.State = edit.State with { EvidenceFrom = situation.Now, SoakFrom = situation.Now, AnnouncedDiscrepancies = [], AnnouncedUnmetCriteria = [] };
        edit.Audit(request.Operator, "reset-evidence", request.Reason, $"since {situation.State.EvidenceFrom:u}", $"since {situation.Now:u}");
        return OperationDraft.Change(edit, "The gate counts from now on.", "rollout gate");
    }
}
