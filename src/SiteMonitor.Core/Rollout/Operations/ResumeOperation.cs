using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Ends a freeze, and applies the phase's flags again after a rollback.</summary>
internal static class ResumeOperation
{
    public static OperationDraft Prepare(OperationContext situation, OperatorRequest request)
    {
        if (situation.State is { Frozen: null, RolledBack: null })
        {
            return situation.Drift.Count == 0 ? OperationDraft.Nothing("The rollout is neither frozen nor rolled back.", "rollout status") : RestoreFlags(situation, request);
        }

        if (situation.State.RolledBack is not null && situation.PhaseProblem is { Length: > 0 } problem)
        {
            return OperationDraft.Refused(OperationResult.Refuse(problem, "rollout status"));
        }

        if (situation.State is { RolledBack: not null, Transition: { } transition } && !request.OverwriteDrift)
        {
            return OperationDraft.Refused(OperationResult.Refuse(
                $"A change of flags is under way ({transition.What}): {transition.Problem}", "rollout status; the guard finishes it within a minute. If it never can, rollout resume --overwrite-drift goes on without it"));
        }

        if (situation.State.RolledBack is not null && situation.GetUnconfirmedDrift(request) is { } drift)
        {
            return OperationDraft.Refused(OperationResult.Refuse("Flags differ from what the rollback set; somebody changed them outside.", "Put them back, or rollout resume --overwrite-drift", drift));
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        List<string> lines = [];
        if (situation.State.Frozen is { } frozen)
        {
            edit.State = edit.State with { Frozen = null };
            edit.Audit(request.Operator, "unfreeze", request.Reason, $"frozen by {frozen.By}: {frozen.Reason}");
            lines.Add($"No longer frozen (was: {frozen.Reason}).");
        }

        if (situation.State.RolledBack is { } mark)
        {
            edit.State = edit.State with { RolledBack = null, SoakFrom = situation.Now };
            edit.BeginTransition("resume", situation.Phase.Flags.Targets(), situation.Flags, request.OverwriteDrift, request.Operator, request.Reason);
            edit.Audit(request.Operator, "resume", request.Reason, mark.Title, $"flags of phase {situation.State.Phase}");
            edit.AnnounceWhenDone(Topics.RolloutChanged, $"Phase {situation.State.Phase} goes on", [$"By {request.Operator}: {request.Reason}", $"The {mark.Title} of {mark.At:u} is undone."]);
            lines.Add($"The {mark.Title} is undone; the flags of '{situation.State.Phase}' apply again.");
            lines.Add("Runs from before still count for the gate; rollout reset-evidence --reason \"…\" starts the count afresh.");
        }

        bool open = situation.State.Incidents.Any(i => i.IsOpen);
        return OperationDraft.Change(edit, $"Phase '{situation.State.Phase}' goes on.", open ? "incidents resolve <id> when it holds; rollout status" : "rollout status", lines);
    }

    /// <summary>Flags that somebody changed outside, to what the phase says.</summary>
    private static OperationDraft RestoreFlags(OperationContext situation, OperatorRequest request)
    {
        if (situation.GetUnconfirmedDrift(request) is { } drift)
        {
            return OperationDraft.Refused(OperationResult.Refuse("The rollout is neither frozen nor rolled back, but flags differ from the plan.", "rollout resume --overwrite-drift sets them as the plan says", drift));
        }

        string[] flags = [.. situation.Drift.Select(d => d.Flag)];
        var edit = new RolloutEdit(situation.State, situation.Now);
        edit.BeginTransition("resume", [.. situation.Desired.Where(t => flags.Contains(t.Flag))], situation.Flags, overwrite: true, request.Operator, request.Reason);
        edit.Audit(request.Operator, "resume", request.Reason, before: "flags changed outside", after: string.Join(", ", flags));
        edit.AnnounceWhenDone(Topics.RolloutChanged, $"Flags are as phase {situation.State.Phase} wants them again", [$"By {request.Operator}: {request.Reason}", .. situation.Drift.Select(d => $"{d.Flag}: {d.Actual} → {d.Wanted}")]);
        return OperationDraft.Change(edit, $"{string.Join(", ", flags)}: as the plan says again.", "rollout status");
    }
}
