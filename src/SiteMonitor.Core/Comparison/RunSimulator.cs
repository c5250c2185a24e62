using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Comparison;

/// <summary>Computes what a run of each side would do to an issue, without writing.</summary>
public static class RunSimulator
{
    /// <summary>Returns what a unified run decides.</summary>
    /// <param name="context">The catalogue and the markers.</param>
    /// <param name="before">The issue as the run found it; its short-lived labels are ignored.</param>
    /// <param name="stages">The stages of the run.</param>
    /// <param name="decision">The unified analysis; null when the run has no analysis stage.</param>
    /// <param name="durationMs">Duration of the decision, in milliseconds.</param>
    public static SideDecision SimulateUnified(
        PlanContext context,
        IssueSnapshot before,
        IReadOnlyList<Stage> stages,
        AnalysisDecision? decision,
        long durationMs)
    {
        IssueSnapshot issue = WithoutShortLivedLabels(context, before);
        bool prepares = stages.Contains(Stage.Preparation) && decision is null or { Outcome: AnalysisOutcome.Assign };
        ChangePlan plan = prepares
            ? PreparationPlanner.For(context, issue, decision, decision?.Names)
            : AnalysisPlanner.For(context, issue, decision ?? throw NoDecision());
        IssueSnapshot after = DryRun.ApplyChange(issue, plan.Change);
        if (prepares && !plan.IsRefused)
        {
            after =
                DryRun.ApplyChange(after, LifecyclePlanner.Finish(context, after).Change) with { Assignees = WithCopilot(after.Assignees) };
        }

        string outcome = decision?.Outcome switch
        {
            AnalysisOutcome.NeedsReview => SideDecision.NeedsReviewOutcome,
            AnalysisOutcome.NeedsClarification => SideDecision.NeedsClarificationOutcome,
            AnalysisOutcome.Assign => SideDecision.AssignedOutcome,
            _ => SideDecision.PreparedOutcome,
        };
        return Side(context, after, Logic.Unified, plan.Refused?.Code ?? outcome, decision?.Specialists, durationMs);
    }

    /// <summary>Returns what a legacy run decides.</summary>
    /// <param name="context">The catalogue and the markers.</param>
    /// <param name="before">The issue as the run found it; its short-lived labels are ignored.</param>
    /// <param name="stages">The stages of the run.</param>
    /// <param name="decision">The legacy analysis; null when the run has no analysis stage.</param>
    /// <param name="durationMs">Duration of the decision, in milliseconds.</param>
    public static SideDecision SimulateLegacy(
        PlanContext context,
        IssueSnapshot before,
        IReadOnlyList<Stage> stages,
        LegacyDecision? decision,
        long durationMs)
    {
        IssueSnapshot after = WithoutShortLivedLabels(context, before);
        if (decision is { IsUnmatched: true })
        {
            return Side(context, after, Logic.Legacy, SideDecision.UnmatchedOutcome, [], durationMs);
        }

        ChangePlan plan = ChangePlan.Nothing;
        if (decision is not null)
        {
            plan = LegacyPlanner.Analysis(context, after, decision);
            after = DryRun.ApplyChange(after, plan.Change);
        }

        if (stages.Contains(Stage.Preparation) && !plan.IsRefused)
        {
            plan = LegacyPlanner.Preparation(context, after);
            after = DryRun.ApplyChange(after, plan.Change);
        }

        string outcome = decision is null ? SideDecision.PreparedOutcome : SideDecision.AssignedOutcome;
        return Side(context, after, Logic.Legacy, plan.Refused?.Code ?? outcome, decision?.Specialists, durationMs);
    }

    private static IssueSnapshot WithoutShortLivedLabels(PlanContext context, IssueSnapshot before) =>
        DryRun.ApplyChange(before, LifecyclePlanner.Restore(context, before, []).Change);

    private static SideDecision Side(
        PlanContext context,
        IssueSnapshot after,
        Logic logic,
        string outcome,
        IReadOnlyList<string>? specialists,
        long durationMs) => new()
        {
            Logic = logic,
            Outcome = outcome,
            Labels = after.Labels,
            Assignees = after.Assignees,
            Specialists = specialists ?? LabelStateMachine.ReadState(after.Labels, context.Catalogue).Specialists,
            Guidance = GuidanceOutline.Create(GuidanceSection.Read(after.Body, after.Ref, context.Markers)),
            DurationMs = durationMs,
        };

    private static IReadOnlyList<string> WithCopilot(IReadOnlyList<string> assignees) =>
        assignees.Any(CopilotLogin.IsCopilot) ? assignees : [.. assignees, CopilotLogin.Assignable];

    private static ArgumentException NoDecision() => new("A run without preparation compares its analysis: give the decision.");
}
