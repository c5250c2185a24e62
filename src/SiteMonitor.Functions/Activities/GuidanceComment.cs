using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the comment with the guidance that an issue's body has no space for, before the body points to it.</summary>
internal static class GuidanceComment
{
    /// <returns>What is left to write; nothing was written when the plan has no such comment, or the comment stands already.</returns>
    public static async Task<CallResult<PlacedGuidance>> PlaceAsync(
        IIssueTracker tracker, IssueSnapshot issue, ChangePlan plan, CancellationToken cancellationToken)
    {
        if (plan is not { IsGuidanceInComment: true, Change.Comment: { } comment })
        {
            return CallResult<PlacedGuidance>.Ok(new PlacedGuidance(issue, plan.Change, RefusedComment: null));
        }

        CallResult<IssueSnapshot> commented = await tracker.ApplyAsync(
            issue.Ref, issue.NodeId, new IssueChange { Comment = comment }, cancellationToken);
        return commented.Then(shown => new PlacedGuidance(
            issue with { OwnComments = shown.WithCommentsOf(issue).OwnComments },
            plan.Change with { Comment = null },
            shown.RefusedComment));
    }
}

/// <summary>An issue whose guidance stands as far as the body has no space for it.</summary>
/// <param name="Issue">The issue as read, with the comment.</param>
/// <param name="Change">What is left of the planned change.</param>
/// <param name="RefusedComment">Why GitHub refused the comment; null when it stands or none is needed.</param>
internal sealed record PlacedGuidance(IssueSnapshot Issue, IssueChange Change, string? RefusedComment);
