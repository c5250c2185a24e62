using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Planning;

/// <summary>Marks our comments with their kind, by which they are found and replaced instead of written twice.</summary>
public static class CommentMarkers
{
    private static readonly CommentKind[] Troubles = [CommentKind.Waiting, CommentKind.Failed, CommentKind.CopilotUnassigned];

    /// <summary>
    /// Returns our newest comment of a kind, or null. The marker counts only at the end of a comment, not in a quotation.
    /// </summary>
    public static OwnComment? Find(IssueSnapshot snapshot, CommentKind kind, GuidanceMarkers markers)
    {
        string mark = GetMarker(snapshot.Ref, kind, markers);
        return snapshot.OwnComments.LastOrDefault(comment => comment.Body.AsSpan().TrimEnd().EndsWith(mark, StringComparison.Ordinal));
    }

    /// <summary>Returns the node id of our comment that was written last; empty when there is none.</summary>
    public static string FindNewest(IssueSnapshot snapshot, GuidanceMarkers markers) => Enum.GetValues<CommentKind>()
        .Select(kind => Find(snapshot, kind, markers))
        .MaxBy(comment => comment?.CreatedAt)?.NodeId ?? string.Empty;

    /// <summary>Returns the change that adds or replaces the comment of a kind; null when it has this text already.</summary>
    public static CommentChange? CreateChange(IssueSnapshot snapshot, CommentKind kind, string text, GuidanceMarkers markers)
    {
        string mark = $"\n\n{GetMarker(snapshot.Ref, kind, markers)}";
        string body = Fit(text, GuidanceSection.MaxBodyLength - mark.Length) + mark;
        return Find(snapshot, kind, markers) switch
        {
            null => new CommentChange(body),
            { } own when Plain(own.Body) == body => null,
            { } own => new CommentChange(body, own.NodeId),
        };
    }

    /// <summary>Returns the kind of a comment of ours; null when it has no marker of ours.</summary>
    public static CommentKind? FindKind(IssueRef issue, OwnComment comment, GuidanceMarkers markers) => Enum.GetValues<CommentKind>()
        .Select(kind => (CommentKind?)kind)
        .FirstOrDefault(kind => comment.Body.AsSpan().TrimEnd().EndsWith(GetMarker(issue, kind!.Value, markers), StringComparison.Ordinal));

    /// <summary>Returns the comments about problems that are solved once the issue is prepared.</summary>
    public static IReadOnlyList<OutdatedComment> FindOutdated(IssueSnapshot snapshot, GuidanceMarkers markers) =>
    [
        .. from kind in Troubles
           let own = Find(snapshot, kind, markers)
           where own is not null
               && Plain(own.Body) != CreateResolvedChange(snapshot.Ref, new OutdatedComment(own.NodeId, kind), markers).Body
           select new OutdatedComment(own.NodeId, kind),
    ];

    /// <summary>
    /// Returns the change that replaces such a comment by one line. It keeps its marker, so that the next problem of its kind reuses it.
    /// </summary>
    public static CommentChange CreateResolvedChange(IssueRef issue, OutdatedComment stale, GuidanceMarkers markers) =>
        new($"{ProblemComments.Resolved}\n\n{GetMarker(issue, stale.Kind, markers)}", stale.NodeId);

    /// <summary>Returns the kind as markers and exports write it, such as <c>needs-review</c>.</summary>
    public static string GetName(CommentKind kind) => kind switch
    {
        CommentKind.Assignment => "assignment",
        CommentKind.Prepared => "prepared",
        CommentKind.NeedsReview => "needs-review",
        CommentKind.NeedsClarification => "needs-clarification",
        CommentKind.Waiting => "waiting",
        CommentKind.Failed => "failed",
        _ => "copilot-unassigned",
    };

    internal static string GetMarker(IssueRef issue, CommentKind kind, GuidanceMarkers markers)
    {
        string name = GetName(kind);
        return $"<!-- sitemonitor:comment:{name} {markers.ComputeTag(issue, $"comment {name}")} -->";
    }

    private static string Fit(string text, int maxLength) => text.Length <= maxLength ? text : TextSanitizer.Truncate(text, maxLength);

    private static string Plain(string body) => body.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
}

/// <summary>
/// The kind of a comment of ours; an issue has at most one of each. The numbers are stored in histories: add at the end only.
/// </summary>
public enum CommentKind
{
    /// <summary>Analysis assigned specialists (and, in a run of both stages, the issue is prepared).</summary>
    Assignment,

    /// <summary>Preparation of an issue that was assigned before.</summary>
    Prepared,
    NeedsReview,
    NeedsClarification,

    /// <summary>A stage is switched off and has no fallback.</summary>
    Waiting,
    Failed,

    /// <summary>The issue is prepared, but Copilot could not be assigned.</summary>
    CopilotUnassigned,
}

/// <summary>A comment of ours about a problem that no longer exists.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
public sealed record OutdatedComment(string NodeId, CommentKind Kind);
