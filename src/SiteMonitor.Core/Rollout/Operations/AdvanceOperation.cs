using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Advances to the next phase, when the gate is met or forced with a reason.</summary>
internal static class AdvanceOperation
{
    public static OperationDraft Prepare(OperationContext context, OperatorRequest request)
    {
        return FindBlockingState(context, request, "advance") is { } blocked
            ? OperationDraft.Refused(blocked with { Criteria = context.Criteria })
            : context.Plan.After(context.State.Phase) is not { } next
                ? OperationDraft.Nothing($"'{context.State.Phase}' is the last phase.", "Watch the targets: report, rollout status.")
            : FindGateRefusal(context, request) is { } refusal ? OperationDraft.Refused(refusal with { Criteria = context.Criteria })
            : Change(context, request, next);
    }

    /// <summary>What keeps the rollout from changing its phase, other than the gate; null when nothing does.</summary>
    public static OperationResult? FindBlockingState(OperationContext context, OperatorRequest request, string operation)
    {
        RolloutState state = context.State;
        return context.PhaseProblem is { Length: > 0 } problem ? OperationResult.Refuse(problem, "rollout status")
            : state.Frozen is { } frozen
                ? OperationResult.Refuse($"The rollout is frozen by {frozen.By}: {frozen.Reason}", "rollout unfreeze")
            : state.RolledBack is { } mark
                ? OperationResult.Refuse($"The phase '{state.Phase}' is rolled back ({mark.Title}): {mark.Reason}",
                    "Fix the cause, then rollout resume")
            : state.Transition is { } transition
                ? OperationResult.Refuse(
                    $"A flag change is in progress ({transition.What}): {transition.Problem}",
                    "rollout status; the guard finishes it within a minute")
            : context.GetUnconfirmedDrift(request) is { } drift
                ? OperationResult.Refuse(
                    "Flags differ from the plan: they were changed outside the rollout.",
                    $"Put them back, or rollout {operation} --overwrite-drift", drift)
            : null;
    }

    /// <summary>Enters a phase: evidence and soak restart, its confirmations are open again, its flags are to be written.</summary>
    public static RolloutEdit EnterPhase(OperationContext context, PhasePlan phase, string operation, OperatorRequest request)
    {
        var edit = new RolloutEdit(context.State, context.Now);
        edit.State = edit.State with
        {
            Phase = phase.Name,
            PhaseSince = context.Now,
            EvidenceFrom = context.Now,
            SoakFrom = context.Now,
            AnnouncedDiscrepancies = [],
            AnnouncedUnmetCriteria = [],
            GateMetAnnounced = false,
            Drift = [],
        };
        Confirmations.Reopen(edit, request.Operator, $"phase {phase.Name} is entered again");
        edit.BeginTransition(operation, phase.Flags.Targets(), context.Flags, request.OverwriteDrift, request.Operator, request.Reason);
        return edit;
    }

    private static OperationResult? FindGateRefusal(OperationContext context, OperatorRequest request)
    {
        if (context.GateIsMet)
        {
            return null;
        }

        if (!request.Force)
        {
            CriterionResult first = context.Criteria.First(c => c.State != CriterionState.Met);
            int unmet = context.Criteria.Count(c => c.State != CriterionState.Met);
            return OperationResult.Refuse(
                $"The gate of '{context.State.Phase}' is not met: {unmet} of {context.Criteria.Count} criteria are not.",
                first.State == CriterionState.Open && first.Detail.Length > 0
                    ? first.Detail
                    : "rollout gate; or, if you must, rollout advance --force --reason \"…\"");
        }

        return string.IsNullOrWhiteSpace(request.Reason)
            ? OperationResult.Invalid("Forcing a gate needs a reason: it is audited.", "rollout advance --force --reason \"…\"")
            : null;
    }

    private static OperationDraft Change(OperationContext context, OperatorRequest request, PhasePlan next)
    {
        string forced = context.GateIsMet
            ? string.Empty
            : $" (forced; not met: {string.Join(", ", context.Criteria.Where(c => c.State != CriterionState.Met).Select(c => c.Id))})";
        string before = context.State.Phase;
        RolloutEdit edit = EnterPhase(context, next, "advance", request);
        edit.State = edit.State with { Launched = edit.State.Launched ?? context.Now, UndoneSince = null };
        edit.Audit(request.Operator, "advance", request.Reason + forced, before, next.Name);
        if (context.State is { Launched: null, Announced: null })
        {
            AnnounceOperation.AddAnnouncement(edit, context.Plan, []);
        }

        bool isLast = context.Plan.After(next.Name) is null;
        edit.AnnounceWhenDone(
            isLast ? Topics.MigrationComplete : Topics.PhaseEntered,
            $"Phase {next.Name}: {next.Title}",
            forced.Length > 0 ? [next.Message, $"By {request.Operator}{forced}: {request.Reason}"] : [next.Message]);
        return OperationDraft.Change(
            edit, $"From '{before}' to '{next.Name}' ({next.Title}){forced}.", isLast ? "report" : "rollout status; later rollout gate");
    }
}
