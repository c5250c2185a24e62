using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Graph;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Maps issues from GraphQL to the domain's type.</summary>
internal sealed class SnapshotMapper(OwnIdentity identity)
{
    public IssueSnapshot Map(IssueRef reference, IssueNode node, IEnumerable<CommentNode> comments) => new()
    {
        Ref = reference,
        NodeId = node.Id ?? string.Empty,
        Title = node.Title ?? string.Empty,
        Body = node.Body ?? string.Empty,
        IsOpen = !node.Closed,
        ClosedAs = node.Closed ? Reason(node.StateReason) : null,
        IsClosedByMerge = node.Closed && node.ClosedByPullRequestsReferences?.Items.Any(p => p.Merged) == true,
        HasOpenPullRequest = node.ClosedByPullRequestsReferences?.Items.Any(p => !p.Closed) == true,
        IsPullRequest = node.Type == "PullRequest",
        Labels = [.. (node.Labels?.Items ?? []).Select(l => l.Name)],
        Assignees = [.. ((node.AssignedActors ?? node.Assignees)?.Items ?? []).Select(a => a.FullLogin).Where(l => l.Length > 0)],
        LabelsChangedByApp = FindLabelsChangedByApp(node.TimelineItems?.Items ?? []),
        OwnComments = MapComments(comments),
        OthersCommentedAt = comments.Where(c => !c.ViewerDidAuthor).Max(c => (DateTimeOffset?)c.CreatedAt),
        Edits = [.. (node.UserContentEdits?.Items ?? []).OrderByDescending(e => e.EditedAt).Select(MapEdit)],
        Author = node.Author?.FullLogin ?? string.Empty,
        CreatedAt = node.CreatedAt,
        UpdatedAt = node.UpdatedAt,
    };

    /// <summary>Our own comments, oldest first.</summary>
    public static IReadOnlyList<OwnComment> MapComments(IEnumerable<CommentNode> comments) =>
        [.. comments.Where(c => c.ViewerDidAuthor).OrderBy(c => c.CreatedAt).Select(c => new OwnComment(c.Id, c.Body, c.CreatedAt))];

    /// <param name="events">Oldest first.</param>
    private IReadOnlyList<string> FindLabelsChangedByApp(IEnumerable<TimelineNode> events) =>
    [
        .. events.Where(e => e.Label is not null)
            .GroupBy(e => e.Label!.Name, StringComparer.OrdinalIgnoreCase)
            .Where(label => identity.IsApp(label.Last().Actor))
            .Select(label => label.Key),
    ];

    private BodyEdit MapEdit(EditNode edit) =>
        new(edit.Editor?.IsViewer == true || identity.IsOwnActor(edit.Editor), edit.EditedAt, edit.DeletedAt is null ? edit.Diff : null)
        {
            IsDeleted = edit.DeletedAt is not null,
        };

    public static CloseReason? Reason(string? reason) => reason switch
    {
        "COMPLETED" => CloseReason.Completed,
        "NOT_PLANNED" => CloseReason.NotPlanned,
        "DUPLICATE" => CloseReason.Duplicate,
        _ => null,
    };
}

/// <summary>Features that the server lacks, learned from its responses and kept for the process's lifetime.</summary>
internal sealed class ServerFeatures
{
    public const string AssignedActorsField = "assignedActors";

    /// <summary>Whether the server has <c>Issue.assignedActors</c>, which older GitHub Enterprise Servers lack.</summary>
    public bool AssignedActors { get; set; } = true;
}
