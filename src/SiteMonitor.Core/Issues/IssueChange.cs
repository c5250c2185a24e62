namespace SiteMonitor.Core.Issues;

/// <summary>
/// A change to an issue, sent as one request in this order: resolved comments, body, labels added, labels removed, comment, close,
/// deleted comments. Labels that it does not name are never touched.
/// </summary>
public sealed record IssueChange
{
    public static IssueChange None { get; } = new();

    /// <summary>The whole new body; null to leave it as it is.</summary>
    public string? Body { get; init; }

    public IReadOnlyList<string> AddLabels { get; init; } = [];

    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    public CommentChange? Comment { get; init; }

    /// <summary>Older comments of ours to replace; one that was deleted in the meantime is skipped.</summary>
    public IReadOnlyList<CommentChange> ResolvedComments { get; init; } = [];

    /// <summary>Closes the issue as completed.</summary>
    public bool Close { get; init; }

    /// <summary>Node ids of comments of ours to delete; one that is gone already is skipped.</summary>
    public IReadOnlyList<string> DeletedComments { get; init; } = [];

    /// <summary>Whether the write begins work on an issue: it waits until the writes of work that has begun are done.</summary>
    public bool StartsWork { get; init; }

    public bool IsEmpty => Body is null && AddLabels.Count == 0 && RemoveLabels.Count == 0
        && Comment is null && ResolvedComments.Count == 0 && DeletedComments.Count == 0 && !Close;
}

/// <summary>A comment to add, or to replace when <paramref name="NodeId"/> names one of ours.</summary>
public sealed record CommentChange(string Body, string? NodeId = null);
