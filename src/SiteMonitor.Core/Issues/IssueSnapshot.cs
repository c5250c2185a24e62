namespace SiteMonitor.Core.Issues;

/// <summary>An issue as one read (or the answer to one write) showed it. Never stored in orchestration histories: it holds the issue's text.</summary>
public sealed record IssueSnapshot
{
    public required IssueRef Ref { get; init; }

    /// <summary>GitHub's GraphQL node id, which writes need.</summary>
    public required string NodeId { get; init; }

    public required string Title { get; init; }

    /// <summary>The text exactly as stored, line ends included; empty when there is none.</summary>
    public required string Body { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>Why a closed issue was closed; null when open.</summary>
    public CloseReason? ClosedAs { get; init; }

    /// <summary>Closed, and a merged pull request is linked to close it; only known from a read.</summary>
    public bool IsClosedByMerge { get; init; }

    public bool IsPullRequest { get; init; }

    /// <summary>Label names as GitHub spells them; compare ignoring case.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Logins of the assignees; Copilot may read as <c>Copilot</c> or <c>copilot-swe-agent[bot]</c>.</summary>
    public required IReadOnlyList<string> Assignees { get; init; }

    /// <summary>Our own comments among the last 100, oldest first.</summary>
    public IReadOnlyList<OwnComment> OwnComments { get; init; } = [];

    /// <summary>The newest edits of the body, newest first; only what the tracker returned with this answer.</summary>
    public IReadOnlyList<BodyEdit> Edits { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public bool HasLabel(string label) => Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}
