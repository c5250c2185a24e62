using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>The go/no-go meeting said no: flags back where they are not yet, an incident with the unmet criteria, everybody told, and what was vouched for open again.</summary>
internal static class NoGoOperation
{
    public static OperationDraft Prepare(OperationContext situation, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("A no-go needs a reason.", "rollout no-go --reason \"…\""));
        }

        OperationDraft rollback = RollbackOperation.Prepare(situation, [], request.Operator, $"no-go: {request.Reason}");
        RolloutEdit edit = rollback.Edit ?? new RolloutEdit(situation.State, situation.Now);
        string[] unmet = [.. situation.Criteria.Where(c => c.State != CriterionState.Met).Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")];
        string incident = UpdateIncident(edit, request, [$"no-go: {request.Reason}", .. unmet.Length == 0 ? ["Every criterion of the gate was met."] : unmet]);
        edit.Audit(request.Operator, "no-go", request.Reason, situation.State.Phase, incident);
        Reopen(edit, request);
        OperationDraft draft = OperationDraft.Change(edit, $"No-go in phase '{situation.State.Phase}': {request.Reason}", "Analyse the failures and plan the fix in the incident; then rollout resume", rollback.Result.Title, $"Incident {incident} is open.");
        return draft with { Result = draft.Result with { Criteria = situation.Criteria } };
    }

    /// <summary>Into the incident of the rollback, this one's or an earlier one's; else into one of its own.</summary>
    private static string UpdateIncident(RolloutEdit edit, OperatorRequest request, IReadOnlyList<string> lines)
    {
        string title = $"No-go in phase {edit.State.Phase}";
        if (edit.State.Incidents.FirstOrDefault(i => i.IsOpen && i.Id == edit.State.RolledBack?.IncidentId) is not { } incident)
        {
            return edit.OpenIncident(title, request.Operator, lines);
        }

        edit.ReplaceIncident(incident with { LastAnnounced = edit.Now, Notes = [.. incident.Notes, edit.NewNote(request.Operator, lines)] });
        edit.Announce(Topics.IncidentUpdated, $"{incident.Id}: {title}", lines, incident.Id);
        return incident.Id;
    }

    // What people vouched for before the no was said has to be said anew after the fix.
    private static void Reopen(RolloutEdit edit, OperatorRequest request)
    {
        string[] vouched = [.. edit.State.Confirmations.Where(c => c.Phase == edit.State.Phase).Select(c => c.Criterion).Distinct()];
        if (vouched.Length > 0)
        {
            edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations.Where(c => c.Phase != edit.State.Phase)] };
            edit.Audit(request.Operator, "withdraw", $"no-go: {request.Reason}", before: string.Join(", ", vouched));
        }
    }
}
