using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Confirms a criterion that only a person can judge, or withdraws the confirmation.</summary>
internal static class Confirmations
{
    public static OperationDraft Confirm(OperationContext context, OperatorRequest request)
    {
        if (Refusal(context, request, "confirm") is { } refusal)
        {
            return OperationDraft.Refused(refusal);
        }

        var edit = new RolloutEdit(context.State, context.Now);
        var confirmation = new Confirmation(context.State.Phase, request.Criterion, request.Operator, request.Reason, context.Now);
        edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations, confirmation] };
        edit.Audit(request.Operator, "confirm", request.Reason, after: request.Criterion);
        return OperationDraft.Change(edit, $"'{request.Criterion}' is confirmed by {request.Operator}.", "rollout gate");
    }

    public static OperationDraft Withdraw(OperationContext context, OperatorRequest request)
    {
        if (Refusal(context, request, "withdraw") is { } refusal)
        {
            return OperationDraft.Refused(refusal);
        }

        Confirmation[] kept =
            [.. context.State.Confirmations.Where(c => c.Phase != context.State.Phase || c.Criterion != request.Criterion)];
        if (kept.Length == context.State.Confirmations.Count)
        {
            return OperationDraft.Nothing($"'{request.Criterion}' is not confirmed.", "rollout gate");
        }

        var edit = new RolloutEdit(context.State, context.Now);
        edit.State = edit.State with { Confirmations = kept };
        edit.Audit(request.Operator, "withdraw", request.Reason, before: request.Criterion);
        return OperationDraft.Change(edit, $"'{request.Criterion}' is open again.", "rollout gate");
    }

    /// <summary>Withdraws what people confirmed in the current phase.</summary>
    public static void Reopen(RolloutEdit edit, string by, string reason)
    {
        string[] confirmed =
            [.. edit.State.Confirmations.Where(c => c.Phase == edit.State.Phase).Select(c => c.Criterion).Distinct()];
        if (confirmed.Length > 0)
        {
            edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations.Where(c => c.Phase != edit.State.Phase)] };
            edit.Audit(by, "withdraw", reason, before: string.Join(", ", confirmed));
        }
    }

    private static OperationResult? Refusal(OperationContext context, OperatorRequest request, string operation)
    {
        if (context.PhaseProblem is { Length: > 0 } problem)
        {
            return OperationResult.Refuse(problem, "rollout status");
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid(
                "--reason is required: say what the confirmation is based on, so that others can judge it.",
                $"rollout {operation} {request.Criterion} --reason \"who looked, at what, when\"");
        }

        string[] known = [.. context.Phase.Gate.Where(c => c.Confirm is not null).Select(c => c.Id)];
        if (known.Contains(request.Criterion))
        {
            return null;
        }

        Criterion? measured = context.Phase.Gate.FirstOrDefault(c => c.Id == request.Criterion);
        return measured is null
            ? OperationResult.Invalid(
                $"Phase '{context.State.Phase}' has no criterion '{request.Criterion}' to confirm.",
                known.Length == 0 ? "rollout gate" : $"Choose among: {string.Join(", ", known)}")
            : OperationResult.Invalid($"'{request.Criterion}' is measured; it cannot be confirmed.", "rollout gate");
    }
}
