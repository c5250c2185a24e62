using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Which instances to list, in the order of their ids.</summary>
internal sealed record InstanceFilter
{
    public string? Prefix { get; init; }

    /// <summary>The last id of the page before.</summary>
    public string? After { get; init; }

    public DateTime? CreatedFrom { get; init; }

    public DateTime? CreatedTo { get; init; }

    public DateTime? UpdatedFrom { get; init; }

    public DateTime? UpdatedTo { get; init; }

    /// <summary>Empty: any.</summary>
    public IReadOnlyCollection<OrchestrationRuntimeStatus> Statuses { get; init; } = [];

    public bool Payloads { get; init; }

    public int Limit { get; init; } = int.MaxValue;
}
