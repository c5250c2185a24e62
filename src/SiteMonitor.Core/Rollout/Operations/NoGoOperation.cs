using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Records a no-go decision: rolls the flags back unless that is done already, opens an incident with the unmet criteria,
/// announces it, and withdraws the phase's confirmations.
/// </summary>
internal static class NoGoOperation
{
    public static OperationDraft Prepare(OperationContext context, OperatorRequest request)
    {
        OperationDraft rollback = RollbackOperation.Prepare(context, [], request.Operator, $"no-go: {request.Reason}");
        RolloutEdit edit = rollback.Edit ?? new RolloutEdit(context.State, context.Now);
        string[] unmet =
        [
            .. context.Criteria.Where(c => c.State != CriterionState.Met).Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})"),
        ];
        string incident = UpdateIncident(
            edit, request, [$"no-go: {request.Reason}", .. unmet.Length == 0 ? ["Every criterion of the gate was met."] : unmet]);
        edit.Audit(request.Operator, "no-go", request.Reason, context.State.Phase, incident);
        // What people confirmed before the no-go has to be confirmed again after the fix.
        Confirmations.Reopen(edit, request.Operator, $"no-go: {request.Reason}");
        OperationDraft draft = OperationDraft.Change(
            edit,
            $"No-go in phase '{context.State.Phase}': {request.Reason}",
            "Analyse the failures and plan the fix in the incident; then rollout resume",
            rollback.Result.Title,
            $"Incident {incident} is open.");
        return draft with { Result = draft.Result with { Criteria = context.Criteria } };
    }

    /// <summary>Adds the no-go to the open incident of the rollback, or opens one.</summary>
    private static string UpdateIncident(RolloutEdit edit, OperatorRequest request, IReadOnlyList<string> lines)
    {
        string title = $"No-go in phase {edit.State.Phase}";
        if (edit.State.Incidents.FirstOrDefault(i => i.IsOpen && i.Id == edit.State.RolledBack?.IncidentId) is not { } incident)
        {
            return edit.OpenIncident(title, request.Operator, lines);
        }

        edit.UpdateIncident(incident, request.Operator, lines);
        return incident.Id;
    }
}
