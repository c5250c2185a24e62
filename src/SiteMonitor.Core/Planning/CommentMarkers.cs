using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Planning;

/// <summary>Finds our comments again by their kind, so that each is replaced and never written twice.</summary>
public static class CommentMarkers
{
    private static readonly CommentKind[] Troubles = [CommentKind.Waiting, CommentKind.Failed, CommentKind.CopilotUnassigned];

    /// <summary>The newest comment of this kind, or null. The mark counts only at a comment's end, where we put it: not in a quotation.</summary>
    public static OwnComment? Find(IssueSnapshot snapshot, CommentKind kind, GuidanceMarkers markers)
    {
        string mark = GetMarker(snapshot.Ref, kind, markers);
        return snapshot.OwnComments.LastOrDefault(comment => comment.Body.AsSpan().TrimEnd().EndsWith(mark, StringComparison.Ordinal));
    }

    /// <summary>The change that makes this the comment of its kind; null when it stands there already.</summary>
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

    /// <summary>The comments that tell of trouble which is over once the issue is prepared.</summary>
    public static IReadOnlyList<OutdatedComment> FindOutdated(IssueSnapshot snapshot, GuidanceMarkers markers) =>
    [
        .. from kind in Troubles
           let own = Find(snapshot, kind, markers)
           where own is not null && Plain(own.Body) != CreateResolvedChange(snapshot.Ref, new OutdatedComment(own.NodeId, kind), markers).Body
           select new OutdatedComment(own.NodeId, kind),
    ];

    /// <summary>The change that leaves one line of such a comment. It keeps its mark, so that the next trouble of its kind is told in the same place.</summary>
    public static CommentChange CreateResolvedChange(IssueRef issue, OutdatedComment stale, GuidanceMarkers markers) =>
        new($"{ProblemComments.Resolved}\n\n{GetMarker(issue, stale.Kind, markers)}", stale.NodeId);

    /// <summary>The kind of a comment of ours; null when it bears none of our marks.</summary>
    public static CommentKind? KindOf(string body, IssueRef issue, GuidanceMarkers markers)
    {
        foreach (CommentKind kind in Enum.GetValues<CommentKind>())
        {
            if (body.AsSpan().TrimEnd().EndsWith(GetMarker(issue, kind, markers), StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }

    internal static string GetMarker(IssueRef issue, CommentKind kind, GuidanceMarkers markers)
    {
        string name = Slugged(kind);
        return $"<!-- sitemonitor:comment:{name} {markers.ComputeTag(issue, $"comment {name}")} -->";
    }

    private static string Fit(string text, int maxLength) => text.Length <= maxLength ? text : TextSanitizer.Truncate(text, maxLength);

    private static string Plain(string body) => body.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();

    private static string Slugged(CommentKind kind) => kind switch
    {
        CommentKind.Assignment => "assignment",
        CommentKind.Prepared => "prepared",
        CommentKind.NeedsReview => "needs-review",
        CommentKind.NeedsClarification => "needs-clarification",
        CommentKind.Waiting => "waiting",
        CommentKind.Failed => "failed",
        _ => "copilot-unassigned",
    };
}

/// <summary>What a comment of ours says. An issue has at most one of each kind. Numbers stand in histories: add at the end only.</summary>
public enum CommentKind
{
    /// <summary>Analysis assigned specialists (and, in a run of both stages, the issue is prepared).</summary>
    Assignment,

    /// <summary>An issue that was assigned before is prepared.</summary>
    Prepared,
    NeedsReview,
    NeedsClarification,

    /// <summary>A stage is switched off and has no fallback.</summary>
    Waiting,
    Failed,

    /// <summary>Everything is prepared, but Copilot could not be assigned.</summary>
    CopilotUnassigned,
}

/// <summary>A comment of ours that says why an issue does not go on, on an issue that has gone on.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
public sealed record OutdatedComment(string NodeId, CommentKind Kind);
