using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Lifts a rollback: applies the phase's flags again. Without a rollback it restores flags changed outside, and lets automatic starts
/// take up the issues that an undo took back.
/// </summary>
internal static class ResumeOperation
{
    public static OperationResult Prepare(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (context.State.RolledBack is not { } mark)
        {
            return context.Drift.Count > 0 ? RestoreFlags(context, request, edit)
                : context.State.UndoneSince is not null ? LiftUndo(request, edit)
                : OperationResult.Nothing("The rollout is not rolled back.",
                    context.State.Frozen is null ? "rollout status" : "rollout unfreeze lifts the freeze");
        }

        if (FindRefusal(context, request) is { } refusal)
        {
            return refusal;
        }

        edit.State = edit.State with { RolledBack = null, SoakFrom = edit.Now, UndoneSince = null };
        edit.BeginTransition("resume", context.Phase.Flags.Targets(), context.Flags, request.OverwriteDrift, request.Operator,
            request.Reason);
        string forced = IsUnacknowledged(context) ? $" (forced; {mark.IncidentId} was not acknowledged)" : string.Empty;
        edit.Audit(request.Operator, "resume", request.Reason + forced, mark.Title, $"flags of phase {context.State.Phase}");
        edit.AnnounceWhenDone(Topics.RolloutChanged, $"Phase {context.State.Phase} was resumed",
            [$"By {request.Operator}{forced}: {request.Reason}", $"The {mark.Title} of {mark.At:u} is undone."]);
        Incident? open = context.State.FindRollbackIncident() ?? context.State.Incidents.FirstOrDefault(i => i.IsOpen);
        return OperationResult.Planned(
            $"Phase '{context.State.Phase}' was resumed.",
            open is null ? "rollout status" : $"when the fix is confirmed: incidents resolve {open.Id} --reason \"…\"; then rollout status",
            [
                $"The {mark.Title} is lifted; the flags of '{context.State.Phase}' apply again.",
                "What the gate has counted stays counted; rollout reset-evidence --reason \"…\" restarts the count.",
                .. context.State.Frozen is null ? Array.Empty<string>() : ["The rollout is still frozen: rollout unfreeze."],
            ]);
    }

    private static OperationResult? FindRefusal(OperationContext context, OperatorRequest request)
    {
        if (context.FindUnknownPhaseRefusal() is { } unknown)
        {
            return unknown;
        }

        if (context.State.Transition is { } transition && !request.OverwriteDrift)
        {
            return OperationResult.Refuse(
                $"A flag change is in progress ({transition.What}): {transition.Problem}",
                "rollout status; the guard finishes it within a minute. If it never can: rollout resume --overwrite-drift");
        }

        if (context.GetUnconfirmedDrift(request) is { } drift)
        {
            return OperationResult.Refuse(
                "Flags differ from what the rollback set: they were changed outside the rollout.",
                "Put them back, or rollout resume --overwrite-drift", drift);
        }

        if (!IsUnacknowledged(context))
        {
            return null;
        }

        string? incident = context.State.RolledBack!.IncidentId;
        return !request.Force
            ? OperationResult.Refuse(
                $"Nobody has acknowledged {incident}, the incident of this rollback.",
                $"incidents acknowledge {incident}, then rollout resume; or rollout resume --force --reason \"…\"")
            : string.IsNullOrWhiteSpace(request.Reason)
                ? OperationResult.Invalid("Forcing a resume needs a reason: it is audited.", "rollout resume --force --reason \"…\"")
                : null;
    }

    private static bool IsUnacknowledged(OperationContext context) => context.State.FindRollbackIncident() is { Acknowledged: null };

    private static OperationResult LiftUndo(OperatorRequest request, RolloutEdit edit)
    {
        edit.State = edit.State with { UndoneSince = null };
        edit.Audit(request.Operator, "resume", request.Reason, after: "automatic starts take up undone issues");
        return OperationResult.Planned("Automatic starts process the issues of earlier undos again.", "rollout status");
    }

    private static OperationResult RestoreFlags(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (context.GetUnconfirmedDrift(request) is { } drift)
        {
            return OperationResult.Refuse(
                "The rollout is not rolled back, but flags differ from the plan.",
                "rollout resume --overwrite-drift sets them as the plan says", drift);
        }

        string[] flags = [.. context.Drift.Select(d => d.Flag)];
        edit.State = edit.State with { UndoneSince = null };
        FlagTarget[] targets = [.. context.Desired.Where(t => flags.Contains(t.Flag))];
        edit.BeginTransition("resume", targets, context.Flags, overwrite: true, request.Operator, request.Reason);
        edit.Audit(request.Operator, "resume", request.Reason, before: "flags changed outside", after: string.Join(", ", flags));
        edit.AnnounceWhenDone(Topics.RolloutChanged, $"The flags of phase {context.State.Phase} were restored",
            [$"By {request.Operator}: {request.Reason}", .. context.Drift.Select(d => $"{d.Flag}: {d.Actual} → {d.Wanted}")]);
        return OperationResult.Planned($"Flags restored to the plan: {string.Join(", ", flags)}.", "rollout status");
    }
}
