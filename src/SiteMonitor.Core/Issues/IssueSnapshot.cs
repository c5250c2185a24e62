namespace SiteMonitor.Core.Issues;

/// <summary>
/// An issue as a read or the response to a write showed it. Holds its text, so it is never stored in orchestration histories.
/// </summary>
public sealed record IssueSnapshot
{
    public required IssueRef Ref { get; init; }

    /// <summary>GitHub's GraphQL node id, which writes need.</summary>
    public required string NodeId { get; init; }

    /// <summary>GitHub's node id of the repository; only known from a read.</summary>
    public string RepositoryNodeId { get; init; } = string.Empty;

    /// <summary>The repository's present name; null when unknown, and then <see cref="Ref"/> has it.</summary>
    public RepositoryRef? RepositoryName { get; init; }

    public required string Title { get; init; }

    /// <summary>The text exactly as stored, line ends included; empty when there is none.</summary>
    public required string Body { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>Why a closed issue was closed; null when open.</summary>
    public CloseReason? ClosedAs { get; init; }

    /// <summary>Whether it is closed and a merged pull request is linked to close it; only known from a read.</summary>
    public bool IsClosedByMerge { get; init; }

    public bool IsPullRequest { get; init; }

    /// <summary>Label names in GitHub's spelling; compare ignoring case.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Labels last added or removed by the application, among the newest 20 label events; empty unless read.</summary>
    public IReadOnlyList<string> LabelsChangedByApp { get; init; } = [];

    /// <summary>Whether an open pull request is linked to close it; only known from a read.</summary>
    public bool HasOpenPullRequest { get; init; }

    /// <summary>Logins of the assignees; see <see cref="CopilotLogin"/> for Copilot's.</summary>
    public required IReadOnlyList<string> Assignees { get; init; }

    /// <summary>Our own comments, oldest first.</summary>
    public IReadOnlyList<OwnComment> OwnComments { get; init; } = [];

    /// <summary>When somebody else last commented; null when nobody did, or unknown.</summary>
    public DateTimeOffset? OthersCommentedAt { get; init; }

    /// <summary>The newest edits of the body, newest first, as far as the response had them.</summary>
    public IReadOnlyList<BodyEdit> Edits { get; init; } = [];

    /// <summary>The author's login; empty when unknown.</summary>
    public string Author { get; init; } = string.Empty;

    /// <summary>Why GitHub refused the write's comment although it did everything else; null when it did not.</summary>
    public string? RefusedComment { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Returns this snapshot, as a write showed it, with our comments that an earlier one showed.</summary>
    public IssueSnapshot WithCommentsOf(IssueSnapshot earlier) => this with
    {
        OwnComments = [.. earlier.OwnComments.ExceptBy(OwnComments.Select(c => c.NodeId), c => c.NodeId), .. OwnComments],
    };

    public bool HasLabel(string label) => Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}

/// <summary>An entry in the edit history of an issue's body.</summary>
/// <param name="ByUs">Whether our token or App made the edit.</param>
/// <param name="EditedAt">When it was made (UTC).</param>
/// <param name="BodyAfter">The whole body after the edit; null when GitHub no longer has it.</param>
public sealed record BodyEdit(bool ByUs, DateTimeOffset EditedAt, string? BodyAfter)
{
    /// <summary>Whether someone deleted this revision from the history, as its author may.</summary>
    public bool IsDeleted { get; init; }
}

public enum CloseReason
{
    Completed,
    NotPlanned,
    Duplicate,
}

/// <summary>A comment that our token or App wrote.</summary>
public sealed record OwnComment(string NodeId, string Body, DateTimeOffset CreatedAt);
