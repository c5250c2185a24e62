using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Planning;

/// <summary>Plans the write that ends a unified analysis without preparation: an assignment, or waiting for a person.</summary>
public static class AnalysisPlanner
{
    /// <param name="fresh">The issue as just read: what is there already is not written again.</param>
    public static ChangePlan For(PlanContext context, IssueSnapshot fresh, AnalysisDecision decision)
    {
        Transition transition = decision.Outcome switch
        {
            AnalysisOutcome.Assign => Transition.Assign,
            AnalysisOutcome.NeedsReview => Transition.AwaitReview,
            _ => Transition.AwaitClarification,
        };
        LabelChange labels = LabelStateMachine.Apply(IssueFacts.From(fresh), transition, context.Catalogue, decision.Specialists);
        if (labels.Refused is { } refused)
        {
            return ChangePlan.Refuse(refused);
        }

        (CommentKind kind, string text) = decision.Outcome switch
        {
            AnalysisOutcome.Assign =>
                (CommentKind.Assignment, AnalysisComments.Assignment(fresh, decision, context.Catalogue, handOver: false,
                    overflow: string.Empty)),
            AnalysisOutcome.NeedsReview => (CommentKind.NeedsReview, AnalysisComments.NeedsReview(decision, context.Catalogue)),
            _ => (CommentKind.NeedsClarification, AnalysisComments.NeedsClarification(decision, context.Catalogue)),
        };
        return new ChangePlan(labels.ToIssueChange() with { Comment = CommentMarkers.CreateChange(fresh, kind, text, context.Markers) });
    }
}
