using SiteMonitor.Core.Rollout.Gates;

namespace SiteMonitor.Core.Rollout.Control.Operations;

/// <summary>The go/no-go meeting said no: flags back, an incident with the unmet criteria, everybody told.</summary>
internal static class NoGo
{
    public static Draft Of(Situation situation, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return Draft.Refused(OperationResult.Invalid("A no-go needs a reason.", "rollout no-go --reason \"…\""));
        }

        string[] unmet = [.. situation.Criteria.Where(c => c.State != CriterionState.Met).Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")];
        string reason = $"no-go: {request.Reason}{(unmet.Length == 0 ? string.Empty : $" — not met: {string.Join("; ", unmet)}")}";
        Draft draft = RollBack.Of(situation, [], request.Operator, reason);
        if (draft.Edit is null)
        {
            return draft;
        }

        Reopen(draft.Edit, request);
        return draft with { Answer = draft.Answer with { Criteria = situation.Criteria, Next = "Analyse the failures and plan the fix in the incident; then rollout resume" } };
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
