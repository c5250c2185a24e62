using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>An instance as the database holds it.</summary>
internal sealed record InstanceRow(
    long Key, string Id, OrchestrationStatus Status, DateTime Created, DateTime Updated, ExecutionStartedEvent Start)
{
    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public OrchestrationState ToState() => new()
    {
        OrchestrationInstance = Start.OrchestrationInstance,
        ParentInstance = Start.ParentInstance,
        Name = Start.Name,
        Version = Start.Version,
        Tags = Start.Tags,
        Input = Start.Input,
        ScheduledStartTime = Start.ScheduledStartTime,
        OrchestrationStatus = Status,
        CreatedTime = Created,
        LastUpdatedTime = Updated,
        CompletedTime = Status.IsTerminal() ? Updated : DateTime.MaxValue,
        Output = Output,
        Status = CustomStatus,
    };
}

/// <summary>Which instances to list, in the order of their ids.</summary>
internal sealed record InstanceFilter
{
    public string? Prefix { get; init; }

    /// <summary>Only ids after this one: the last of the page before.</summary>
    public string? After { get; init; }

    public DateTime? CreatedFrom { get; init; }

    public DateTime? CreatedTo { get; init; }

    public DateTime? UpdatedFrom { get; init; }

    public DateTime? UpdatedTo { get; init; }

    /// <summary>An empty set means any status.</summary>
    public IReadOnlyCollection<OrchestrationStatus> Statuses { get; init; } = [];

    public int Limit { get; init; } = int.MaxValue;
}

internal static class OrchestrationStatusExtensions
{
    public static readonly OrchestrationStatus[] Terminal =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated, OrchestrationStatus.Canceled];

    public static bool IsTerminal(this OrchestrationStatus status) => Terminal.Contains(status);
}
