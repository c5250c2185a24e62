using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Confirms a criterion that only a person can judge, or withdraws the confirmation.</summary>
internal static class Confirmations
{
    public static OperationResult Confirm(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (FindRefusal(context, request, "confirm") is { } refusal)
        {
            return refusal;
        }

        var confirmation = new Confirmation(context.State.Phase, request.Criterion, request.Operator, request.Reason, edit.Now);
        edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations, confirmation] };
        edit.Audit(request.Operator, "confirm", request.Reason, after: request.Criterion);
        return OperationResult.Planned($"'{request.Criterion}' is confirmed by {request.Operator}.", "rollout gate");
    }

    public static OperationResult Withdraw(OperationContext context, OperatorRequest request, RolloutEdit edit) =>
        FindRefusal(context, request, "withdraw") is { } refusal ? refusal
        : Remove(edit, request.Operator, request.Reason, request.Criterion)
            ? OperationResult.Planned($"'{request.Criterion}' is open again.", "rollout gate")
            : OperationResult.Nothing($"'{request.Criterion}' is not confirmed.", "rollout gate");

    /// <summary>Withdraws what people confirmed in the current phase.</summary>
    public static void Reopen(RolloutEdit edit, string by, string reason) => Remove(edit, by, reason, criterion: null);

    /// <param name="criterion">Null for every criterion of the phase.</param>
    /// <returns>Whether there was a confirmation.</returns>
    private static bool Remove(RolloutEdit edit, string by, string reason, string? criterion)
    {
        Confirmation[] withdrawn =
            [.. edit.State.Confirmations.Where(c => c.Phase == edit.State.Phase && (criterion is null || c.Criterion == criterion))];
        if (withdrawn.Length == 0)
        {
            return false;
        }

        edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations.Where(c => !withdrawn.Contains(c))] };
        edit.Audit(by, "withdraw", reason, before: string.Join(", ", withdrawn.Select(c => c.Criterion).Distinct()));
        return true;
    }

    private static OperationResult? FindRefusal(OperationContext context, OperatorRequest request, string operation)
    {
        if (context.FindUnknownPhaseRefusal() is { } unknown)
        {
            return unknown;
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid(
                "--reason is required: say what the confirmation is based on, so that others can judge it.",
                $"rollout {operation} {request.Criterion} --reason \"who looked, at what, when\"");
        }

        Criterion? criterion = context.Phase.Gate.FirstOrDefault(c => c.Id == request.Criterion);
        if (criterion is not null)
        {
            return criterion.Confirm is null
                ? OperationResult.Invalid($"'{request.Criterion}' is measured; it cannot be confirmed.", "rollout gate")
                : null;
        }

        string known = string.Join(", ", context.Phase.Gate.Where(c => c.Confirm is not null).Select(c => c.Id));
        return OperationResult.Invalid(
            $"Phase '{context.State.Phase}' has no criterion '{request.Criterion}' to confirm.",
            known.Length == 0 ? "rollout gate" : $"Choose among: {known}");
    }
}
