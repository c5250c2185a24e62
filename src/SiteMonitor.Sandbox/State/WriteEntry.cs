namespace SiteMonitor.Sandbox.State;

/// <summary>One accepted write, in the order GitHub took them.</summary>
public sealed record WriteEntry
{
    /// <summary>From 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The HTTP request it came with; one GraphQL request may carry several writes.</summary>
    public required long Request { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The login whose token or hand it was.</summary>
    public required string By { get; init; }

    /// <summary><c>rest</c>, <c>graphql</c> or <c>person</c>.</summary>
    public required string Via { get; init; }

    public required WriteKind Kind { get; init; }

    /// <summary><c>owner/repo#12</c> in lower case; the repository alone for labels created.</summary>
    public required string Issue { get; init; }

    /// <summary>A label's or login's name, or length and hash of a text.</summary>
    public required string Before { get; init; }

    public required string After { get; init; }

    /// <summary>False when it changed nothing: a label that was there already, the same body once more.</summary>
    public required bool Effective { get; init; }
}

/// <summary>Who writes, by which way, with which request.</summary>
internal sealed record WriteContext(Account By, string Via, long Request);

public enum WriteKind
{
    IssueOpened,
    IssueDeleted,
    Title,
    Body,
    LabelAdded,
    LabelRemoved,
    Assigned,
    Unassigned,
    Commented,
    CommentEdited,
    CommentDeleted,
    Closed,
    Reopened,
    Merged,
    LabelCreated,
}
