using Microsoft.DurableTask;
using SiteMonitor.Core.Outcomes;

namespace SiteMonitor.Functions.Runs;

/// <summary>The input of the orchestration that records the outcomes of issues.</summary>
public sealed record OutcomeInput
{
    public const string Orchestrator = "IssueOutcome";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>GitHub's delivery id.</summary>
    public required string RequestId { get; init; }

    public required IssueEvent Event { get; init; }

    /// <summary>Canonical <c>owner/name#12</c>; empty for a pull request whose delivery does not say what it closes.</summary>
    public required IReadOnlyList<string> Issues { get; init; }

    /// <summary>When the delivery arrived (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Canonical <c>owner/name</c> of a pull request to look up.</summary>
    public string Repository { get; init; } = string.Empty;

    /// <summary>The number of that pull request.</summary>
    public int PullRequest { get; init; }

    internal static OutcomeInput Read(TaskOrchestrationContext context) => context.ReadInput<OutcomeInput>(i => i.Version, CurrentVersion);
}
