using Microsoft.DurableTask;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>The input of the orchestration that retries a refused start.</summary>
public sealed record RedeliveryInput
{
    public const string Orchestrator = "Redelivery";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>GitHub's delivery id.</summary>
    public required string RequestId { get; init; }

    public required WorkKind Work { get; init; }

    /// <summary>When the delivery arrived (UTC): a run that began later has seen what the delivery reports.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the delivery showed: a run that has seen it needs no other after it. Null when it is not known.</summary>
    public IssueObservation? Delivered { get; init; }

    /// <summary>The run to start where its parameters matter; null for the run that a delivery asks for.</summary>
    public PipelineInput? Run { get; init; }

    internal static RedeliveryInput Read(
        TaskOrchestrationContext context) => context.ReadInput<RedeliveryInput>(i => i.Version, CurrentVersion);
}

/// <summary>What is to be done with an issue. Durable histories hold the numbers: add new members at the end.</summary>
public enum WorkKind
{
    Pipeline,
    CompletionByMerge,
    CompletionByClosing,
}
