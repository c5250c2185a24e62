using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>Plans the writes around the two stages. Each is a difference to the issue as just read, so it can be repeated.</summary>
public static class LifecyclePlanner
{
    /// <summary>GitHub's limit of labels per issue.</summary>
    private const int MaxLabels = 100;

    /// <summary>Replaces <c>processing</c> by <c>copilot-assigned</c>, once Copilot is assigned.</summary>
    public static ChangePlan Finish(PlanContext context, IssueSnapshot issue) => Labels(context, issue, Transition.Finish);

    /// <summary>Plans to remove the short-lived labels; see <see cref="Restoration"/>.</summary>
    /// <param name="context">The catalogue and the markers.</param>
    /// <param name="issue">The issue as just read.</param>
    /// <param name="chosen">The specialists that this run has chosen by analysis; empty before that.</param>
    public static ChangePlan Restore(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen) =>
        new(Restoration.Plan(IssueFacts.From(issue), context.Catalogue, chosen));

    /// <summary>Plans to restore the issue, with a comment that says what failed and what to do.</summary>
    /// <param name="context">The catalogue and the markers.</param>
    /// <param name="issue">The issue as just read.</param>
    /// <param name="chosen">The specialists that this run has chosen by analysis; empty before that.</param>
    /// <param name="code">The failure's stable code.</param>
    /// <param name="reason">Explanation as display text, without text of the issue.</param>
    /// <param name="scheduled">Whether a scheduled run tries again.</param>
    public static ChangePlan Failed(
        PlanContext context,
        IssueSnapshot issue,
        IReadOnlyList<string> chosen,
        string code,
        string reason,
        bool scheduled) =>
        WithComment(context, issue, chosen, CommentKind.Failed, ProblemComments.Failed(code, reason, scheduled));

    /// <summary>Plans to restore the issue and to hold it back, with a comment that says what a person has to look at.</summary>
    public static ChangePlan Review(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, string reason)
    {
        ChangePlan plan = WithComment(context, issue, chosen, CommentKind.Waiting, ProblemComments.Review(reason));
        bool isHeld = !issue.IsOpen || issue.Labels.Count >= MaxLabels || issue.HasLabel(WorkflowLabels.NeedsReview);
        return isHeld
            ? plan
            : plan with { Change = plan.Change with { AddLabels = [.. plan.Change.AddLabels, WorkflowLabels.NeedsReview] } };
    }

    /// <summary>Plans to restore the issue to assigned, with a comment that says why Copilot could not be assigned.</summary>
    public static ChangePlan CopilotUnassigned(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, string detail) =>
        WithComment(context, issue, chosen, CommentKind.CopilotUnassigned, ProblemComments.CopilotUnassigned(detail));

    /// <summary>Plans to restore the issue, with a comment that says which stage is switched off.</summary>
    public static ChangePlan StageDisabled(PlanContext context, IssueSnapshot issue, IReadOnlyList<string> chosen, Stage stage) =>
        WithComment(context, issue, chosen, CommentKind.Waiting, ProblemComments.StageDisabled(stage));

    /// <summary>Plans to complete the issue: workflow labels off, <c>completed</c> on, closed.</summary>
    public static ChangePlan Complete(PlanContext context, IssueSnapshot issue) =>
        Completion.Plan(IssueFacts.From(issue), context.Catalogue);

    private static ChangePlan Labels(PlanContext context, IssueSnapshot issue, Transition transition)
    {
        LabelChange labels = LabelStateMachine.Apply(IssueFacts.From(issue), transition, context.Catalogue);
        return new ChangePlan(labels.ToIssueChange(), labels.Refused);
    }

    private static ChangePlan WithComment(
        PlanContext context,
        IssueSnapshot issue,
        IReadOnlyList<string> chosen,
        CommentKind kind,
        string text)
    {
        ChangePlan restored = Restore(context, issue, chosen);
        CommentChange? comment = CommentMarkers.CreateChange(issue, kind, text, context.Markers);
        return restored with { Change = restored.Change with { Comment = comment } };
    }
}

/// <summary>The data that every plan needs beside the issue.</summary>
public sealed record PlanContext(SpecialistCatalogue Catalogue, GuidanceMarkers Markers)
{
    /// <summary>Whether the issue shows that we have written on it: a comment or a guidance section of ours.</summary>
    public bool HasOwnContent(IssueSnapshot issue) =>
        issue.OwnComments.Count > 0 || GuidanceSection.Read(issue.Body, issue.Ref, Markers) is not null;
}
