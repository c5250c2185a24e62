namespace SiteMonitor.Core.Outcomes;

/// <summary>A person's action on an issue, as reported by a webhook delivery. Contains no issue text, so it may be stored.</summary>
public sealed record IssueEvent
{
    public required IssueEventKind Kind { get; init; }

    /// <summary>The label that was added or removed; empty for other events.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>The issue's labels afterwards; empty for pull requests.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>The kind of an event. Durable histories hold the numbers: add new members at the end.</summary>
public enum IssueEventKind
{
    LabelAdded,
    LabelRemoved,

    /// <summary>A person took Copilot off the issue.</summary>
    CopilotUnassigned,
    Reopened,

    /// <summary>A pull request that closes the issue was merged.</summary>
    PullRequestMerged,

    /// <summary>A pull request that would have closed the issue was closed without being merged.</summary>
    PullRequestClosed,
}
