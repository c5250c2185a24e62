using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Records a no-go decision: rolls the flags back unless that is done already, opens an incident with the unmet criteria,
/// announces it, and withdraws the phase's confirmations.
/// </summary>
internal static class NoGoOperation
{
    public static OperationResult Prepare(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        string reason = $"no-go: {request.Reason}";
        OperationResult rollback = RollbackOperation.Prepare(context, [], request.Operator, reason, edit);
        string[] unmet = [.. context.Unmet.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")];
        string incident = edit.ReportIncident(
            edit.State.FindRollbackIncident(), $"No-go in phase {context.State.Phase}", request.Operator,
            [reason, .. unmet.Length == 0 ? ["Every criterion of the gate was met."] : unmet]);
        edit.Audit(request.Operator, "no-go", request.Reason, context.State.Phase, incident);

        // What people confirmed before the no-go has to be confirmed again after the fix.
        Confirmations.Reopen(edit, request.Operator, reason);
        return OperationResult.Planned(
            $"No-go in phase '{context.State.Phase}': {request.Reason}",
            "Analyse the failures and plan the fix in the incident; then rollout resume",
            rollback.Title,
            $"Incident: {incident}") with { Criteria = context.Criteria };
    }
}
