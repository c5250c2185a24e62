using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Advances to the next phase, when the gate is met or forced with a reason, and steps back to the phase before.</summary>
internal static class PhaseChange
{
    public static OperationResult Advance(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        string phase = context.State.Phase;
        if (FindRefusal(context, request, "advance") is { } blocked)
        {
            return blocked with { Criteria = context.Criteria };
        }

        if (context.Plan.After(phase) is not { } next)
        {
            return OperationResult.Nothing($"'{phase}' is the last phase.", "Watch the targets: report, rollout status.");
        }

        if (FindGateRefusal(context, request) is { } refusal)
        {
            return refusal with { Criteria = context.Criteria };
        }

        string forced = context.GateIsMet ? string.Empty : $" (forced; not met: {string.Join(", ", context.Unmet.Select(c => c.Id))})";
        Enter(next, "advance", context, request, edit);
        edit.State = edit.State with { Launched = edit.State.Launched ?? edit.Now, UndoneSince = null };
        edit.Audit(request.Operator, "advance", request.Reason + forced, phase, next.Name);
        if (context.State is { Launched: null, Announced: null })
        {
            AnnounceOperation.AddAnnouncement(edit, context.Plan, []);
        }

        bool isLast = context.Plan.After(next.Name) is null;
        edit.AnnounceWhenDone(
            isLast ? Topics.MigrationComplete : Topics.PhaseEntered,
            $"Phase {next.Name}: {next.Title}",
            forced.Length > 0 ? [next.Message, $"By {request.Operator}{forced}: {request.Reason}"] : [next.Message]);
        return OperationResult.Planned(
            $"From '{phase}' to '{next.Name}' ({next.Title}){forced}.", isLast ? "report" : "rollout status; later rollout gate");
    }

    public static OperationResult Back(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        string phase = context.State.Phase;
        if (FindRefusal(context, request, "back") is { } blocked)
        {
            return blocked;
        }

        if (context.Plan.Before(phase) is not { } previous)
        {
            return OperationResult.Nothing($"'{phase}' is the first phase.", "rollout status");
        }

        Enter(previous, "back", context, request, edit);
        edit.Audit(request.Operator, "back", request.Reason, phase, previous.Name);
        edit.AnnounceWhenDone(
            Topics.PhaseEntered, $"Back to phase {previous.Name}: {previous.Title}",
            [previous.Message, $"By {request.Operator}: {request.Reason}"]);
        return OperationResult.Planned(
            $"Back from '{phase}' to '{previous.Name}' ({previous.Title}).", "rollout status; later rollout gate",
            "The gate's evidence and soak period restart; criteria of this phase must be confirmed again.");
    }

    /// <summary>Enters a phase: evidence and soak restart, its confirmations are open again, its flags are to be written.</summary>
    private static void Enter(PhasePlan phase, string operation, OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        edit.State = edit.State with { Phase = phase.Name, PhaseSince = edit.Now, Drift = [] };
        edit.ResetEvidence();
        Confirmations.Reopen(edit, request.Operator, $"phase {phase.Name} is entered again");
        edit.BeginTransition(operation, phase.Flags.Targets(), context.Flags, request.OverwriteDrift, request.Operator, request.Reason);
    }

    /// <summary>Returns what keeps the rollout from changing its phase, other than the gate; null when nothing does.</summary>
    private static OperationResult? FindRefusal(OperationContext context, OperatorRequest request, string operation)
    {
        RolloutState state = context.State;
        return context.FindUnknownPhaseRefusal() is { } unknown ? unknown
            : state.Frozen is { } frozen
                ? OperationResult.Refuse($"The rollout is frozen by {frozen.By}: {frozen.Reason}", "rollout unfreeze")
            : state.RolledBack is { } mark
                ? OperationResult.Refuse($"The phase '{state.Phase}' is rolled back ({mark.Title}): {mark.Reason}",
                    "Fix the cause, then rollout resume")
            : state.Transition is { } transition
                ? OperationResult.Refuse(
                    transition.Problem.Length == 0
                        ? $"A flag change is in progress ({transition.What})."
                        : $"A flag change is not finished ({transition.What}): {transition.Problem}",
                    "rollout status; the guard finishes it within a minute")
            : context.GetUnconfirmedDrift(request) is { } drift
                ? OperationResult.Refuse(
                    "Flags differ from the plan: they were changed outside the rollout.",
                    $"Put them back, or rollout {operation} --overwrite-drift", drift)
            : null;
    }

    private static OperationResult? FindGateRefusal(OperationContext context, OperatorRequest request)
    {
        if (context.GateIsMet)
        {
            return null;
        }

        if (request.Force)
        {
            return string.IsNullOrWhiteSpace(request.Reason)
                ? OperationResult.Invalid("Forcing a gate needs a reason: it is audited.", "rollout advance --force --reason \"…\"")
                : null;
        }

        CriterionResult first = context.Unmet[0];
        return OperationResult.Refuse(
            $"The gate of '{context.State.Phase}' is not met: {context.Unmet.Count} of {context.Criteria.Count} criteria are not.",
            first.State == CriterionState.Open && first.Detail.Length > 0
                ? first.Detail
                : "rollout gate; or, if you must, rollout advance --force --reason \"…\"");
    }
}
