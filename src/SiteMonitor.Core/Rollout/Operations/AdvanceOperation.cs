using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>To the next phase: only when the gate is met, or forced with a reason.</summary>
internal static class AdvanceOperation
{
    public static OperationDraft Prepare(OperationContext situation, OperatorRequest request)
    {
        if (situation.PhaseProblem is { Length: > 0 } problem)
        {
            return OperationDraft.Refused(OperationResult.Refuse(problem, "rollout status"));
        }

        if (situation.Plan.After(situation.State.Phase) is not { } next)
        {
            return OperationDraft.Nothing($"'{situation.State.Phase}' is the last phase.", "Watch the targets: report, rollout status.");
        }

        return Refusal(situation, request) is { } refusal ? OperationDraft.Refused(refusal with { Criteria = situation.Criteria }) : Change(situation, request, next);
    }

    private static OperationResult? Refusal(OperationContext situation, OperatorRequest request)
    {
        if (situation.State.Frozen is { } frozen)
        {
            return OperationResult.Refuse($"The rollout is frozen by {frozen.By}: {frozen.Reason}", "rollout resume");
        }

        if (situation.State.RolledBack is { } mark)
        {
            return OperationResult.Refuse($"The phase '{situation.State.Phase}' is rolled back ({mark.Title}): {mark.Reason}", "Mend the cause, then rollout resume");
        }

        if (situation.State.Transition is { } transition)
        {
            return OperationResult.Refuse($"A change of flags is under way ({transition.What}): {transition.Problem}", "rollout status; the guard finishes it within a minute");
        }

        if (situation.GetUnconfirmedDrift(request) is { } drift)
        {
            return OperationResult.Refuse("Flags differ from the plan; somebody changed them outside.", "Put them back, or rollout advance --overwrite-drift", drift);
        }

        return situation.GateIsMet ? null : GateRefusal(situation, request);
    }

    private static OperationResult? GateRefusal(OperationContext situation, OperatorRequest request)
    {
        if (!request.Force)
        {
            CriterionResult first = situation.Criteria.First(c => c.State != CriterionState.Met);
            return OperationResult.Refuse(
                $"The gate of '{situation.State.Phase}' is not met: {situation.Criteria.Count(c => c.State != CriterionState.Met)} of {situation.Criteria.Count} criteria are not.",
                first.State == CriterionState.Open && first.Detail.Length > 0 ? first.Detail : "rollout gate; or, if you must, rollout advance --force --reason \"…\"");
        }

        return string.IsNullOrWhiteSpace(request.Reason)
            ? OperationResult.Invalid("Forcing a gate needs a reason: it is audited.", "rollout advance --force --reason \"…\"")
            : null;
    }

    private static OperationDraft Change(OperationContext situation, OperatorRequest request, PhasePlan next)
    {
        var edit = new RolloutEdit(situation.State, situation.Now);
        string forced = situation.GateIsMet ? string.Empty : $" (forced; not met: {string.Join(", ", situation.Criteria.Where(c => c.State != CriterionState.Met).Select(c => c.Id))})";
        string before = situation.State.Phase;
        edit.State = edit.State with
        {
            Phase = next.Name,
            PhaseSince = situation.Now,
            EvidenceFrom = situation.Now,
            SoakFrom = situation.Now,
            Launched = edit.State.Launched ?? situation.Now,
            AnnouncedDiscrepancies = [],
            AnnouncedUnmetCriteria = [],
            Drift = [],
        };
        edit.BeginTransition("advance", next.Flags.Targets(), situation.Flags, request.OverwriteDrift, request.Operator, request.Reason);
        edit.Audit(request.Operator, "advance", request.Reason + forced, before, next.Name);
        if (situation.State is { Launched: null, Announced: null })
        {
            AnnounceOperation.AddAnnouncement(edit, situation.Plan, []);
        }

        bool last = situation.Plan.After(next.Name) is null;
        edit.AnnounceWhenDone(last ? Topics.MigrationComplete : Topics.PhaseEntered, $"Phase {next.Name}: {next.Title}", [next.Message, .. forced.Length > 0 ? [$"By {request.Operator}{forced}: {request.Reason}"] : Array.Empty<string>()]);
        return OperationDraft.Change(edit, $"From '{before}' to '{next.Name}' ({next.Title}){forced}.", last ? "report" : "rollout status; later rollout gate");
    }
}
