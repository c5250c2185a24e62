using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What a turn led to.</summary>
/// <param name="Actions">What the orchestrator asked for, in its order.</param>
internal sealed record TurnOutcome(OrchestrationRuntimeStatus Status, IReadOnlyList<HistoryEvent> Actions)
{
    public string? Output { get; init; }

    public Failure? Failure { get; init; }

    public bool CustomStatusChanged { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>Set when the instance continues as new.</summary>
    public Renewal? Renewal { get; init; }
}
