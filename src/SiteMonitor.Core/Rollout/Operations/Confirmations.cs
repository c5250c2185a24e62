using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Confirms what only a person can judge, or takes it back.</summary>
internal static class Confirmations
{
    public static OperationDraft Confirm(OperationContext situation, OperatorRequest request)
    {
        if (Refusal(situation, request, "confirm") is { } refusal)
        {
            return OperationDraft.Refused(refusal);
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        var confirmation = new Confirmation(situation.State.Phase, request.Criterion, request.Operator, request.Reason, situation.Now);
        edit.State = edit.State with { Confirmations = [.. edit.State.Confirmations, confirmation] };
        edit.Audit(request.Operator, "confirm", request.Reason, after: request.Criterion);
        return OperationDraft.Change(edit, $"'{request.Criterion}' is confirmed by {request.Operator}.", "rollout gate");
    }

    public static OperationDraft Withdraw(OperationContext situation, OperatorRequest request)
    {
        if (Refusal(situation, request, "withdraw") is { } refusal)
        {
            return OperationDraft.Refused(refusal);
        }

        Confirmation[] kept = [.. situation.State.Confirmations.Where(c => c.Phase != situation.State.Phase || c.Criterion != request.Criterion)];
        if (kept.Length == situation.State.Confirmations.Count)
        {
            return OperationDraft.Nothing($"'{request.Criterion}' is not confirmed.", "rollout gate");
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        edit.State = edit.State with { Confirmations = kept };
        edit.Audit(request.Operator, "withdraw", request.Reason, before: request.Criterion);
        return OperationDraft.Change(edit, $"'{request.Criterion}' is open again.", "rollout gate");
    }

    private static OperationResult? Refusal(OperationContext situation, OperatorRequest request, string operation)
    {
        if (situation.PhaseProblem is { Length: > 0 } problem)
        {
            return OperationResult.Refuse(problem, "rollout status");
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid("It needs a note: on what it rests, so that others can judge it.", $"rollout {operation} {request.Criterion} --reason \"who looked, at what, when\"");
        }

        string[] known = [.. situation.Phase.Gate.Where(c => c.Confirm is not null).Select(c => c.Id)];
        if (known.Contains(request.Criterion))
        {
            return null;
        }

        Criterion? measured = situation.Phase.Gate.FirstOrDefault(c => c.Id == request.Criterion);
        return measured is null
            ? OperationResult.Invalid(
                $"Phase '{situation.State.Phase}' has no criterion '{request.Criterion}' to confirm.",
                known.Length == 0 ? "rollout gate" : $"Choose among: {string.Join(", ", known)}")
            : OperationResult.Invalid($"'{request.Criterion}' is measured, nobody can confirm it.", "rollout gate");
    }
}
