using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>The writes around the two stages. All are differences to the issue as just read, so each may be planned and applied twice.</summary>
public static class LifecyclePlan
{
    /// <summary>The short-lived label a run begins with: <c>analyzing</c> or <c>processing</c>.</summary>
    public static ChangePlan Claim(PlanContext context, IssueSnapshot issue, Stage stage) =>
        Labels(context, issue, stage == Stage.Analysis ? Transition.StartAnalysis : Transition.StartPreparation);

    /// <summary>Copilot is assigned: <c>copilot-assigned</c> instead of <c>processing</c>.</summary>
    public static ChangePlan Finish(PlanContext context, IssueSnapshot issue) => Labels(context, issue, Transition.Finish);

    /// <summary>The short-lived labels off; see <see cref="Restoration"/>.</summary>
    /// <param name="chosen">The specialists this run had chosen by analysis; empty when it had not come so far.</param>
    public static ChangePlan Restore(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen) =>
        new(Restoration.Plan(IssueFacts.From(issue), context.Catalogue, chosen));

    /// <summary>Restored, with a comment that says what failed and what a person must do.</summary>
    /// <param name="code">The failure's stable code.</param>
    /// <param name="reason">For people; without the issue's text.</param>
    /// <param name="scheduled">Whether the timer takes it up again by itself.</param>
    public static ChangePlan Failed(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, string code, string reason, bool scheduled) =>
        WithComment(context, issue, chosen, CommentKind.Failed, ProblemComments.Failed(code, reason, scheduled));

    /// <summary>Restored to assigned, with a comment that says why Copilot has not got the issue.</summary>
    /// <param name="detail">What the assignment answered.</param>
    public static ChangePlan CopilotUnassigned(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, string detail) =>
        WithComment(context, issue, chosen, CommentKind.CopilotUnassigned, ProblemComments.CopilotUnassigned(detail));

    /// <summary>Restored, with a comment that says which stage is switched off.</summary>
    public static ChangePlan StageDisabled(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, Stage stage) =>
        WithComment(context, issue, chosen, CommentKind.Waiting, ProblemComments.StageDisabled(stage));

    /// <summary>Workflow labels off, <c>completed</c> on, closed.</summary>
    public static ChangePlan Complete(PlanContext context, IssueSnapshot issue) => Completion.Plan(IssueFacts.From(issue), context.Catalogue);

    private static ChangePlan Labels(PlanContext context, IssueSnapshot issue, Transition transition)
    {
        LabelChange labels = LabelStateMachine.Apply(IssueFacts.From(issue), transition, context.Catalogue);
        return new ChangePlan(labels.ToIssueChange(), labels.Refused);
    }

    private static ChangePlan WithComment(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, CommentKind kind, string text)
    {
        ChangePlan restored = Restore(context, issue, chosen);
        return restored with { Change = restored.Change with { Comment = CommentMarkers.CreateChange(issue, kind, text, context.Markers) } };
    }
}

/// <summary>What every plan needs besides the issue.</summary>
public sealed record PlanContext(SpecialistCatalogue Catalogue, GuidanceMarkers Markers);
