using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>An issue as tests and people see it.</summary>
public sealed record IssueView
{
    public required string Repository { get; init; }

    public required int Number { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required bool IsOpen { get; init; }

    public string? StateReason { get; init; }

    public bool IsPullRequest { get; init; }

    public bool IsDeleted { get; init; }

    public bool IsLocked { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Logins as REST shows them.</summary>
    public required IReadOnlyList<string> Assignees { get; init; }

    public required IReadOnlyList<CommentView> Comments { get; init; }

    /// <summary>All versions of the body, oldest first, the current one last; empty if it was never edited.</summary>
    public required IReadOnlyList<string> BodyHistory { get; init; }

    public required string NodeId { get; init; }

    public required string RepositoryNodeId { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    internal static IssueView Of(SimulatedRepository repository, SimulatedIssue issue, Accounts accounts) => new()
    {
        Repository = repository.FullName,
        Number = issue.Number,
        Title = issue.Title,
        Body = issue.Body ?? "",
        IsOpen = issue.IsOpen,
        StateReason = issue.StateReason,
        IsPullRequest = issue.IsPullRequest,
        IsDeleted = issue.IsDeleted,
        IsLocked = issue.IsLocked,
        Labels = issue.Labels,
        Assignees = [.. issue.Assignees.Select(a => accounts.Named(a).RestLogin)],
        Comments = [.. issue.Comments.Select(c => new CommentView(accounts.Named(c.Author).RestLogin, c.Body))],
        BodyHistory = [.. issue.Edits.Select(e => e.Body)],
        NodeId = issue.GraphId,
        RepositoryNodeId = repository.GraphId,
        UpdatedAt = issue.UpdatedAt,
    };
}

public sealed record CommentView(string Author, string Body);
