namespace SiteMonitor.LocalHost.Durable.History;

/// <summary>One step of an orchestration: what it was told, or what it asked for. Which members are set depends on <see cref="Kind"/>.</summary>
internal sealed record HistoryEvent(HistoryEventKind Kind)
{
    /// <summary>The sequence number the orchestrator gave to the task; -1 where there is none.</summary>
    public int TaskId { get; init; } = -1;

    /// <summary>Of the activity, the child orchestrator or the external event.</summary>
    public string? Name { get; init; }

    /// <summary>Input, result, event payload or output, as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>The child's or the receiver's.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The turn's time, or when a timer is due; UTC.</summary>
    public DateTime Time { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The child orchestration's version.</summary>
    public string? Version { get; init; }

    /// <summary>The child orchestration's tags, as JSON.</summary>
    public string? Tags { get; init; }
}
