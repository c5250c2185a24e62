using Microsoft.DurableTask;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>The input of the orchestration that completes an issue.</summary>
public sealed record CompletionInput
{
    public const string Orchestrator = "IssueCompletion";

    /// <summary>What the ledger shows as the requested stage.</summary>
    internal const string RequestedStage = "completion";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>Unique to the start: GitHub's delivery id, or one generated for the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether a merged pull request closes the issue; otherwise it was closed as completed.</summary>
    public required bool ByMerge { get; init; }

    /// <summary>What the delivery that started the completion showed; null when it is not known.</summary>
    public IssueObservation? Delivered { get; init; }

    internal static CompletionInput Read(
        TaskOrchestrationContext context) => context.ReadInput<CompletionInput>(i => i.Version, CurrentVersion);
}

/// <summary>The input of the orchestration that completes the issues which a merged pull request closes.</summary>
public sealed record MergedPullRequestInput
{
    public const string Orchestrator = "MergedPullRequest";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    public required int PullRequest { get; init; }

    /// <summary>GitHub's delivery id.</summary>
    public required string RequestId { get; init; }

    internal static MergedPullRequestInput Read(TaskOrchestrationContext context) =>
        context.ReadInput<MergedPullRequestInput>(i => i.Version, CurrentVersion);
}
