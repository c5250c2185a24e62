using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Backtest;

/// <summary>An issue as it was opened, with its later label events, assignments and pull requests. Holds the issue's text.</summary>
public sealed record IssueHistory
{
    public required int Number { get; init; }

    /// <summary>The title as the issue was opened.</summary>
    public required string Title { get; init; }

    /// <summary>The text as the issue was opened; the oldest revision that GitHub still has.</summary>
    public required string Body { get; init; }

    /// <summary>The author's login, or a pseudonym; empty when GitHub no longer knows it.</summary>
    public string Author { get; set; } = string.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Null while it is open, or when GitHub gives no reason.</summary>
    public CloseReason? ClosedAs { get; set; }

    /// <summary>The labels that are on the issue now.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>All label events, oldest first, including the labels set when the issue was opened.</summary>
    public IReadOnlyList<LabelEvent> LabelEvents { get; set; } = [];

    /// <summary>Every assignment and its end, oldest first.</summary>
    public IReadOnlyList<AssigneeEvent> AssigneeEvents { get; set; } = [];

    /// <summary>The kinds of our own comments on it, such as <c>assignment</c>, oldest first; never their text.</summary>
    public IReadOnlyList<string> OwnComments { get; set; } = [];

    /// <summary>Pull requests that are linked to close it.</summary>
    public IReadOnlyList<LinkedPullRequest> PullRequests { get; set; } = [];

    /// <summary>Why people decided so, in one sentence; only in the built-in set.</summary>
    public string Why { get; set; } = string.Empty;
}

/// <param name="At">When it happened (UTC).</param>
/// <param name="Label">The label's name.</param>
/// <param name="IsAdded">False when it was removed.</param>
/// <param name="By">Who did it: a login, or a pseudonym; empty when unknown.</param>
/// <param name="IsByBot">Whether an App, a bot or one of our own credentials did it.</param>
public sealed record LabelEvent(DateTimeOffset At, string Label, bool IsAdded, string By, bool IsByBot);

/// <param name="At">When it happened (UTC).</param>
/// <param name="Assignee">A login, or a pseudonym.</param>
/// <param name="IsAssigned">False when the assignment ended.</param>
public sealed record AssigneeEvent(DateTimeOffset At, string Assignee, bool IsAssigned);

/// <param name="Repository">Its repository, <c>owner/name</c>.</param>
/// <param name="Number">Its number.</param>
/// <param name="Author">A login, or a pseudonym.</param>
/// <param name="IsByCopilot">Whether Copilot opened it.</param>
/// <param name="End">How it ended.</param>
public sealed record LinkedPullRequest(string Repository, int Number, string Author, bool IsByCopilot, PullRequestEnd End);

public enum PullRequestEnd
{
    Open,
    Merged,
    Closed,
}
