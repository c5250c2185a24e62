using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>An instance's row.</summary>
/// <param name="Key">Its number: a new one for every start, so that a restarted id shares nothing with its predecessor.</param>
/// <param name="Generation">Counts the times it continued as new.</param>
internal sealed record InstanceRecord(long Key, string Id, string Name, string Version, int Generation, DateTime Created)
{
    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    public DateTime Updated { get; init; } = Created;

    public DateTime? StartAt { get; init; }

    public InstanceParent? Parent { get; init; }

    /// <summary>JSON of the tags; null without any.</summary>
    public string? Tags { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public static IReadOnlyList<OrchestrationRuntimeStatus> TerminalStatuses { get; } =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    public bool IsTerminal => IsTerminalStatus(Status);

    public static bool IsTerminalStatus(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
