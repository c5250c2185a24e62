namespace SiteMonitor.Core.Issues;

/// <summary>What one write does to an issue. Everything in it goes out as one request, in this order: settled comments, body, labels added, labels removed, comment, close. Labels not named are never touched.</summary>
public sealed record IssueChange
{
    public static IssueChange None { get; } = new();

    /// <summary>The whole new body; null leaves it.</summary>
    public string? Body { get; init; }

    public IReadOnlyList<string> AddLabels { get; init; } = [];

    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    public CommentChange? Comment { get; init; }

    /// <summary>Older comments of ours to replace beside. One that somebody has deleted meanwhile is passed over.</summary>
    public IReadOnlyList<CommentChange> ResolvedComments { get; init; } = [];

    /// <summary>Closes the issue as completed.</summary>
    public bool Close { get; init; }

    public bool IsEmpty => Body is null && AddLabels.Count == 0 && RemoveLabels.Count == 0 && Comment is null && ResolvedComments.Count == 0 && !Close;
}

/// <summary>A comment to write, or to replace when <paramref name="NodeId"/> names one of ours.</summary>
public sealed record CommentChange(string Body, string? NodeId = null);
