namespace Microsoft.DurableTask.Client;

/// <summary>Which instances to purge; what is null does not narrow.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);
