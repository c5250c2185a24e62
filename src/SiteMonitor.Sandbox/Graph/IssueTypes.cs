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
            .Field("viewerCanClose", _ => true)
            .Field("viewerCanLabel", _ => true)
            .Field("viewerCanUpdate", _ => true);

        MapShared(map.Type<SimulatedIssue>("PullRequest", i => i.IsPullRequest))
            .Field("closingIssuesReferences", (p, context, field) => Paging.Of(
                field, p.Closes.Select(n => context.State.FindIssue(p.Repository, n)).OfType<SimulatedIssue>().Where(i => !i.IsDeleted)))
            .Field("isDraft", _ => false)
            .Field("merged", p => p.IsMerged)
            .Field("mergedAt", p => p.IsMerged ? p.ClosedAt : null)
            .Field("state", p => p.IsMerged ? "MERGED" : p.IsOpen ? "OPEN" : "CLOSED");

        map.Type<LabelNode>("Label")
            .Field("id", l => l.Label.NodeIdIn(l.Repository))
            .Field("name", l => l.Label.Name)
            .Field("color", l => l.Label.Color)
            .Field("description", l => l.Label.Description.Length == 0 ? null : l.Label.Description)
            .Field("isDefault", _ => false)
            .Field("repository", l => l.Repository);

        MapComment(map.Type<CommentNode>("IssueComment"));
    }

    private static ResolverMap.TypeFields<SimulatedIssue> MapShared(ResolverMap.TypeFields<SimulatedIssue> type) => type
        .Field("assignees", (i, context, field) => Paging.Of(field, i.Assignees.Select(context.State.Accounts.Named)))
        .Field("author", (i, context, _) => context.State.Accounts.Named(i.Author))
        .Field("body", i => i.Body ?? "")
        .Field("closed", i => !i.IsOpen)
        .Field("closedAt", i => i.ClosedAt)
        .Field("comments", (i, _, field) => Paging.Of(field, i.Comments.Select(c => new CommentNode(i, c))))
        .Field("createdAt", i => i.CreatedAt)
        .Field("databaseId", i => (int)(i.Id % int.MaxValue))
        .Field("editor", (i, context, _) => i.Edits.IsEmpty ? null : context.State.Accounts.Named(i.Edits[^1].Editor))
        .Field("id", i => i.GraphId)
        .Field("includesCreatedEdit", i => !i.Edits.IsEmpty)
        .Field("labels", (i, context, field) => Paging.Of(field, LabelNode.Of(context.State.Repository(i.Repository), i)))
        .Field("lastEditedAt", i => i.Edits.IsEmpty ? null : i.Edits[^1].EditedAt)
        .Field("number", i => i.Number)
        .Field("repository", (i, context, _) => context.State.Repository(i.Repository))
        .Field("resourcePath", (i, context, _) => new Uri(Url(i, context)).AbsolutePath)
        .Field("title", i => i.Title)
        .Field("updatedAt", i => i.UpdatedAt)
        .Field("url", (i, context, _) => Url(i, context))
        .Field("userContentEdits", (i, _, field) => Paging.Of(field, i.Edits.Reverse()))
        .Field("viewerDidAuthor", (i, context, _) => i.Author == context.Request.Caller.Account.Login);

    private static void MapComment(ResolverMap.TypeFields<CommentNode> type) => type
        .Field("author", (c, context, _) => context.State.Accounts.Named(c.Comment.Author))
        .Field("body", c => c.Comment.Body)
        .Field("createdAt", c => c.Comment.CreatedAt)
        .Field("databaseId", c => (int)(c.Comment.Id % int.MaxValue))
        .Field("editor", (c, context, _) => c.Comment.Editor is { } editor ? context.State.Accounts.Named(editor) : null)
        .Field("id", c => c.Comment.GraphId)
        .Field("includesCreatedEdit", _ => false)
        .Field("issue", c => c.Issue)
        .Field("lastEditedAt", c => c.Comment.Editor is null ? null : c.Comment.UpdatedAt)
        .Field("repository", (c, context, _) => context.State.Repository(c.Issue.Repository))
        .Field("updatedAt", c => c.Comment.UpdatedAt)
        .Field("url", (c, context, _) => $"{Url(c.Issue, context)}#issuecomment-{c.Comment.Id}")
        .Field("userContentEdits", (_, _, field) => Paging.Of(field, []))
        .Field("viewerCanDelete", (c, context, _) => c.Comment.Author == context.Request.Caller.Account.Login)
        .Field("viewerCanUpdate", (c, context, _) => c.Comment.Author == context.Request.Caller.Account.Login)
        .Field("viewerDidAuthor", (c, context, _) => c.Comment.Author == context.Request.Caller.Account.Login);

    private static string Url(SimulatedIssue issue, GraphContext context) =>
        context.Json.HtmlUrl(context.State.Repository(issue.Repository), issue);

    // Without this argument GitHub shows a duplicate as not planned.
    private static string? StateReason(SimulatedIssue issue, IResolveFieldContext field) => issue.StateReason switch
    {
        "duplicate" when !field.GetArgument<bool>("enableDuplicate") => "NOT_PLANNED",
        { } reason => reason.ToUpperInvariant(),
        null => null,
    };
}
