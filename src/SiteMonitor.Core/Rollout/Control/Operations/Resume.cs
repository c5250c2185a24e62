using SiteMonitor.Core.Announcements;

namespace SiteMonitor.Core.Rollout.Control.Operations;

/// <summary>Ends a freeze, and applies the phase's flags again after a rollback.</summary>
internal static class Resume
{
    public static Draft Of(Situation situation, OperatorRequest request)
    {
        if (situation.State is { Frozen: null, RolledBack: null })
        {
            return Draft.Nothing("The rollout is neither frozen nor rolled back.", "rollout status");
        }

        if (situation.State.RolledBack is not null && situation.PhaseProblem is { Length: > 0 } problem)
        {
            return Draft.Refused(OperationResult.Refuse(problem, "rollout status"));
        }

        if (situation.State.RolledBack is not null && situation.DriftToAskAbout(request) is { } drift)
        {
            return Draft.Refused(OperationResult.Refuse("Flags differ from what the rollback set; somebody changed them outside.", "Put them back, or rollout resume --overwrite-drift", drift));
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
            edit.Begin("resume", situation.Phase.Flags.Targets(), situation.Flags, request.OverwriteDrift, request.Operator, request.Reason);
            edit.Audit(request.Operator, "resume", request.Reason, mark.Title, $"flags of phase {situation.State.Phase}");
            edit.Announce(Topics.RolloutChanged, $"Phase {situation.State.Phase} goes on", [$"By {request.Operator}: {request.Reason}", $"The {mark.Title} of {mark.At:u} is undone."]);
            lines.Add($"The {mark.Title} is undone; the flags of '{situation.State.Phase}' apply again.");
            lines.Add("Runs from before still count for the gate; rollout reset-evidence --reason \"…\" starts the count afresh.");
        }

        bool open = situation.State.Incidents.Any(i => i.IsOpen);
        return Draft.Change(edit, $"Phase '{situation.State.Phase}' goes on.", open ? "incidents resolve <id> when it holds; rollout status" : "rollout status", lines);
    }
}
