using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Tells all teams before the launch that the rollout is to come: benefits, timeline, what to expect.</summary>
internal static class AnnounceOperation
{
    public static OperationDraft Prepare(OperationContext situation, OperatorRequest request)
    {
        if (situation.State.Launched is { } launched)
        {
            return OperationDraft.Nothing($"The rollout began at {launched:u}; each phase is announced as it is entered.", "rollout status");
        }

        var edit = new RolloutEdit(situation.State, situation.Now);
        AddAnnouncement(edit, situation.Plan, request.Reason.Length > 0 ? [request.Reason] : []);
        edit.Audit(request.Operator, "announce", request.Reason, after: Topics.RolloutAnnounced);
        string again = situation.State.Announced is { } before ? $"It was announced at {before:u} already: everybody is told again." : "All teams are told that the rollout is to come.";
        return OperationDraft.Change(edit, again, "rollout confirm announced", edit.State.Outbox[^1].Lines);
    }

    /// <param name="first">Lines to begin with.</param>
    public static void AddAnnouncement(RolloutEdit edit, RolloutPlan plan, IReadOnlyList<string> first)
    {
        edit.State = edit.State with { Announced = edit.Now };
        edit.Announce(Topics.RolloutAnnounced, "The unified pipeline is to be rolled out", [.. first, .. Benefits(plan), .. Timeline(plan), .. WhatToExpect(plan)]);
    }

    private static IEnumerable<string> Benefits(RolloutPlan plan) => plan.Benefits.Select(b => $"Benefit: {b}");

    private static IEnumerable<string> Timeline(RolloutPlan plan) =>
    [
        $"Timeline: {plan.Phases.Count} phases within {plan.PlannedWeeks} weeks, each left only when its gate is met.",
        .. plan.Phases.Skip(1).Select((p, i) => $"{i + 1}. {p.Title}: {p.Message}"),
    ];

    private static IEnumerable<string> WhatToExpect(RolloutPlan plan) =>
    [
        $"What to expect: the old commands work until {plan.OldCommandsGo}, with a warning first; how to change over: {plan.MigrationGuide}.",
        "Should anything go wrong, everything goes back to the old logic within seconds, and you are told.",
    ];
}
