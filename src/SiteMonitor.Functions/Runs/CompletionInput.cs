using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Runs;

/// <summary>What a run of <see cref="IssueCompletion"/> is started with.</summary>
public sealed record CompletionInput
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>Unique to the start: GitHub's delivery id, or one made up for the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether a merged pull request closes the issue; otherwise it was closed as completed.</summary>
    public required bool ByMerge { get; init; }
}

/// <summary>What a run of <see cref="MergedPullRequest"/> is started with.</summary>
public sealed record MergedPullRequestInput
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    public required int PullRequest { get; init; }

    /// <summary>GitHub's delivery id.</summary>
    public required string RequestId { get; init; }
}
