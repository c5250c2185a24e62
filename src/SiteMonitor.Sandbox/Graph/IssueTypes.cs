using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Maps issues, pull requests, labels and comments.</summary>
internal static class IssueTypes
{
    public static void Map(ResolverMap map)
    {
        MapShared(map.Type<SimulatedIssue>("Issue", i => !i.IsPullRequest))
            .Field("assignedActors", (i, context, field) => Paging.Of(field, i.Assignees.Select(context.State.Accounts.Named)))
            .Field("closedByPullRequestsReferences", (i, context, field) => Paging.Of(
                field, context.State.Issues(i.Repository).Where(p => p.Closes.Contains(i.Number)
                    && (p.IsOpen || field.GetArgument<bool>("includeClosedPrs")))))
            .Field("locked", i => i.IsLocked)
            .Field("state", i => i.IsOpen ? "OPEN" : "CLOSED")
            .Field("stateReason", (i, _, field) => StateReason(i, field))
            .Field("body", i => i.Body ?? "")
            .Field("closedAt", i => i.ClosedAt)
            .Field("comments", (i, _, field) => Paging.Of(field, i.Comments.Select(c => new CommentNode(i, c))))
            .Field("timelineItems", (i, _, field) => Paging.Of(field, TimelineTypes.Of(i, field)))
            .Field("userContentEdits", (i, _, field) => Paging.Of(field, i.Edits.Reverse()));

        MapShared(map.Type<SimulatedIssue>("PullRequest", i => i.IsPullRequest))
            .Field("closingIssuesReferences", (p, context, field) => Paging.Of(
                field, p.Closes.Select(n => context.State.FindIssue(p.Repository, n)).OfType<SimulatedIssue>().Where(i => !i.IsDeleted)))
            .Field("merged", p => p.IsMerged);

        map.Type<LabelNode>("Label")
            .Field("id", l => l.Label.NodeIdIn(l.Repository))
            .Field("name", l => l.Label.Name);

        MapComment(map.Type<CommentNode>("IssueComment"));
    }

    private static ResolverMap.TypeFields<SimulatedIssue> MapShared(ResolverMap.TypeFields<SimulatedIssue> type) => type
        .Field("author", (i, context, _) => context.State.Accounts.NamedUnlessGhost(i.Author))
        .Field("assignees", (i, context, field) => Paging.Of(field, i.Assignees.Select(context.State.Accounts.Named)))
        .Field("closed", i => !i.IsOpen)
        .Field("createdAt", i => i.CreatedAt)
        .Field("id", i => i.GraphId)
        .Field("labels", (i, context, field) => Paging.Of(field, LabelNode.Of(context.State.Repository(i.Repository), i)))
        .Field("number", i => i.Number)
        .Field("repository", (i, context, _) => context.State.Repository(i.Repository))
        .Field("title", i => i.Title)
        .Field("updatedAt", i => i.UpdatedAt);

    private static void MapComment(ResolverMap.TypeFields<CommentNode> type) => type
        .Field("author", (c, context, _) => context.State.Accounts.Named(c.Comment.Author))
        .Field("body", c => c.Comment.Body)
        .Field("createdAt", c => c.Comment.CreatedAt)
        .Field("id", c => c.Comment.GraphId)
        .Field("issue", c => c.Issue)
        .Field("viewerDidAuthor", (c, context, _) => c.Comment.Author == context.Request.Caller.Account.Login);

    // Without this argument GitHub shows a duplicate as not planned.
    private static string? StateReason(SimulatedIssue issue, IResolveFieldContext field) => issue.StateReason switch
    {
        "duplicate" when !field.GetArgument<bool>("enableDuplicate") => "NOT_PLANNED",
        { } reason => reason.ToUpperInvariant(),
        null => null,
    };
}
