using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Integrations.GitHub.Graph;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Maps an issue's timeline, edits and comments to what the domain keeps of its history.</summary>
internal sealed class HistoryMapper(OwnIdentity identity, GuidanceMarkers markers)
{
    /// <param name="node">With its whole timeline and all its comments.</param>
    public IssueHistory Map(IssueRef issue, IssueNode node)
    {
        TimelineNode[] events = [.. (node.TimelineItems?.Items ?? []).OrderBy(e => e.CreatedAt)];
        return new IssueHistory
        {
            Number = node.Number,
            Title = events.FirstOrDefault(e => e.Type == "RenamedTitleEvent")?.PreviousTitle ?? node.Title ?? string.Empty,
            Body = FindOldestBody(node) ?? node.Body ?? string.Empty,
            Author = node.Author?.FullLogin ?? string.Empty,
            CreatedAt = node.CreatedAt,
            ClosedAt = node.Closed ? node.ClosedAt : null,
            ClosedAs = node.Closed ? SnapshotMapper.Reason(node.StateReason) : null,
            Labels = [.. (node.Labels?.Items ?? []).Select(l => l.Name)],
            LabelEvents = [.. events.Where(e => e.Label is not null).Select(MapLabel)],
            AssigneeEvents = [.. events.Where(e => e.Assignee?.Login is not null)
                .Select(e => new AssigneeEvent(e.CreatedAt, e.Assignee!.FullLogin, e.Type == "AssignedEvent"))],
            OwnComments = [.. SnapshotMapper.MapComments(node.Comments?.Items ?? [])
                .Select(comment => CommentMarkers.FindKind(issue, comment, markers))
                .OfType<CommentKind>()
                .Select(CommentMarkers.GetName)],
            PullRequests = [.. (node.ClosedByPullRequestsReferences?.Items ?? []).Select(MapPullRequest)],
        };
    }

    /// <summary>Returns the oldest body among the edits that nobody deleted; null when there is none.</summary>
    public static string? FindOldestBody(IssueNode node) => node.UserContentEdits?.Items
        .Where(e => e.DeletedAt is null && e.Diff is not null)
        .OrderByDescending(e => e.EditedAt)
        .LastOrDefault()?.Diff;

    private LabelEvent MapLabel(TimelineNode entry) => new(
        entry.CreatedAt,
        entry.Label!.Name,
        entry.Type == "LabeledEvent",
        entry.Actor?.FullLogin ?? string.Empty,
        entry.Actor?.Type == "Bot" || identity.IsOwnActor(entry.Actor));

    private static LinkedPullRequest MapPullRequest(ClosingPullNode pull) => new(
        pull.Repository?.NameWithOwner ?? string.Empty,
        pull.Number,
        pull.Author?.FullLogin ?? string.Empty,
        CopilotLogin.IsCopilot(pull.Author?.Login),
        pull.Merged ? PullRequestEnd.Merged : pull.Closed ? PullRequestEnd.Closed : PullRequestEnd.Open);
}
