using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Announces the upcoming rollout before its launch: benefits, timeline, what to expect.</summary>
internal static class AnnounceOperation
{
    public static OperationResult Prepare(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        if (context.State.Launched is { } launched)
        {
            return OperationResult.Nothing($"The rollout began at {launched:u}; each phase is announced as it is entered.",
                "rollout status");
        }

        AddAnnouncement(edit, context.Plan, request.Reason.Length > 0 ? [request.Reason] : []);
        edit.Audit(request.Operator, "announce", request.Reason, after: Topics.RolloutAnnounced);
        string title = context.State.Announced is { } before
            ? $"It was announced at {before:u} already: the announcement is sent again."
            : "The announcement of the rollout is ready to be sent.";
        return OperationResult.Planned(title, "rollout confirm announced", edit.State.Outbox[^1].Lines);
    }

    /// <param name="first">Lines to begin with.</param>
    public static void AddAnnouncement(RolloutEdit edit, RolloutPlan plan, IReadOnlyList<string> first)
    {
        edit.State = edit.State with { Announced = edit.Now };
        edit.Announce(Topics.RolloutAnnounced, "The unified pipeline will be rolled out",
        [
            .. first,
            .. plan.Benefits.Select(b => $"Benefit: {b}"),
            $"Timeline: {plan.Phases.Count} phases within {plan.PlannedWeeks} weeks, each left only when its gate is met.",
            .. plan.Phases.Skip(1).Select((p, i) => $"{i + 1}. {p.Title}: {p.Message}"),
            $"What to expect: the old commands work until {plan.OldCommandRemovalVersion}, with a warning first; " +
                $"how to change over: {plan.MigrationGuide}.",
            "If anything goes wrong, all issues return to the old logic within seconds, and you are notified.",
        ]);
    }
}
