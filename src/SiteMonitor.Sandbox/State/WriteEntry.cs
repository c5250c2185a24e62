namespace SiteMonitor.Sandbox.State;

/// <summary>An accepted write; writes are listed in the order in which they were accepted.</summary>
public sealed record WriteEntry
{
    /// <summary>Starts at 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>Number of the HTTP request; one GraphQL request may carry several writes.</summary>
    public required long Request { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Login of the token or person.</summary>
    public required string By { get; init; }

    /// <summary><c>rest</c>, <c>graphql</c> or <c>person</c>.</summary>
    public required string Via { get; init; }

    public required WriteKind Kind { get; init; }

    /// <summary><c>owner/repo#12</c> in lower case; only the repository for created labels.</summary>
    public required string Issue { get; init; }

    /// <summary>Name of a label or login, or length and hash of a text.</summary>
    public required string Before { get; init; }

    public required string After { get; init; }

    /// <summary>False if it changed nothing, such as adding a label that was present.</summary>
    public required bool Effective { get; init; }
}

/// <summary>Author, API and request number of a write.</summary>
internal sealed record WriteContext(Account Account, string Via, long Request);

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
    Locked,
    Unlocked,
    Transferred,
    RepositoryChanged,
}
