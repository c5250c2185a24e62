using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>Plans the writes of the legacy logic.</summary>
public static class LegacyPlanner
{
    /// <summary>Plans to add the specialists' labels, with <c>site-monitor</c> left in place; nothing when no rule matched.</summary>
    public static ChangePlan Analysis(PlanContext context, IssueSnapshot fresh, LegacyDecision decision)
    {
        if (GetRefusal(context, fresh) is { } refused)
        {
            return ChangePlan.Refuse(refused);
        }

        return new ChangePlan(IssueChange.None with
        {
            AddLabels = new LabelSet(fresh.Labels).GetMissing(decision.Specialists),
            RemoveLabels = new LabelSet(fresh.Labels).GetPresent(WorkflowLabels.ShortLived),
        });
    }

    /// <summary>
    /// Plans to write the catalogue's static guidance into the body, without entities, assignment or changed labels. Only what does not
    /// fit there goes into a comment.
    /// </summary>
    public static ChangePlan Preparation(PlanContext context, IssueSnapshot fresh)
    {
        if (GetRefusal(context, fresh) is { } refused)
        {
            return ChangePlan.Refuse(refused);
        }

        WorkflowState state = LabelStateMachine.ReadState(fresh.Labels, context.Catalogue);
        Specialist[] specialists = [.. state.Specialists.Select(context.Catalogue.Find).OfType<Specialist>()];
        if (specialists.Length == 0)
        {
            return ChangePlan.Refuse(new Refusal(SkipCodes.NotAssigned, "The specialist label is gone: nothing is written."));
        }

        GuidanceText guidance = Guidance.Compose(fresh, specialists, entities: null,
            GuidanceSection.GetAvailableSpace(fresh.Body, fresh.Ref, context.Markers));
        return new ChangePlan(IssueChange.None with
        {
            Body = PreparationPlanner.NewBody(context, fresh, guidance.Section),
            Comment = PlanComment(context, fresh, specialists, guidance.Overflow),
            RemoveLabels = new LabelSet(fresh.Labels).GetPresent(WorkflowLabels.ShortLived),
            ResolvedComments = [.. CommentMarkers.FindOutdated(fresh, context.Markers)
                .Select(stale => CommentMarkers.CreateResolvedChange(fresh.Ref, stale, context.Markers))],
        })
        {
            IsGuidanceInComment = guidance.Overflow.Length > 0,
        };
    }

    /// <summary>Plans the comment with the guidance that does not fit; one that exists already is updated.</summary>
    private static CommentChange? PlanComment(
        PlanContext context, IssueSnapshot fresh, IReadOnlyList<Specialist> specialists, string overflow) =>
        overflow.Length > 0 || CommentMarkers.Find(fresh, CommentKind.Prepared, context.Markers) is not null
            ? CommentMarkers.CreateChange(
                fresh, CommentKind.Prepared, PreparationComments.PreparedByLegacy(specialists, overflow), context.Markers)
            : null;

    private static Refusal? GetRefusal(PlanContext context, IssueSnapshot fresh)
    {
        WorkflowState state = LabelStateMachine.ReadState(fresh.Labels, context.Catalogue);
        return LabelStateMachine.GetBlockingReason(IssueFacts.From(fresh), state)
            ?? (state.HoldingLabel is { } held
                ? new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: remove it to go on.")
                : null);
    }
}
