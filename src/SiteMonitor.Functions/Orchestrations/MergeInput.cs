namespace SiteMonitor.Functions.Orchestrations;

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
