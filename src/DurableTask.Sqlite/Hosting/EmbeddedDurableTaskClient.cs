using System.Diagnostics;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.Core.Tracing;
using DurableTask.Sqlite.Storage;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using CoreOrchestrationQuery = DurableTask.Core.Query.OrchestrationQuery;
using OrchestrationQuery = Microsoft.DurableTask.Client.OrchestrationQuery;
using PurgeResult = Microsoft.DurableTask.Client.PurgeResult;

namespace DurableTask.Sqlite.Hosting;

/// <summary>A durable client for the task hub in this process. It fails as a client of the Functions host does.</summary>
internal sealed class EmbeddedDurableTaskClient(EmbeddedTaskHub hub, TaskHubFunctions functions) : DurableTaskClient("embedded")
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">An unfinished instance has the id.</exception>
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!functions.Orchestrators.ContainsKey(orchestratorName.Name))
        {
            throw new ArgumentException($"The orchestrator '{orchestratorName.Name}' doesn't exist.", nameof(orchestratorName));
        }

        ExecutionStartedEvent start = new(-1, Serialize(input, "input"))
        {
            Name = orchestratorName.Name,
            Version = options?.Version?.Version ?? hub.Options.DefaultVersion,
            ScheduledStartTime = options?.StartAt?.UtcDateTime,
            Tags = options?.Tags.ToDictionary(),
        };
        OrchestrationStatus[] dedupe =
            [.. (options?.DedupeStatuses ?? []).Select(s => Enum.Parse<OrchestrationStatus>(s, ignoreCase: true))];
        return StartAsync(start, options?.InstanceId, dedupe, cancellation);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new EventRaisedEvent(-1, Serialize(eventPayload, "event")) { Name = eventName }, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspendedEvent(-1, reason), cancellation, StatusCode.Unknown);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumedEvent(-1, reason), cancellation, StatusCode.Unknown);

    /// <inheritdoc/>
    /// <remarks>Sub-orchestrations go on, also with <see cref="TerminateInstanceOptions.Recursive"/>, as on Azure Storage.</remarks>
    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionTerminatedEvent(-1, Serialize(options?.Output, "output")), cancellation);

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        OrchestrationMetadata? found;
        while ((found = await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation))?.RuntimeStatus
            is OrchestrationRuntimeStatus.Pending)
        {
            await Task.Delay(s_pollInterval, TimeProvider.System, cancellation);
        }

        return found ?? throw Unknown(instanceId);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => CallAsync(async service =>
            await service.WaitForOrchestrationAsync(instanceId, null, TimeSpan.MaxValue, cancellation) is { } state
                ? Metadata(state, getInputsAndOutputs)
                : throw Unknown(instanceId));

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => CallAsync(async service =>
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return await service.GetOrchestrationStateAsync(instanceId, null) is { } state ? Metadata(state, getInputsAndOutputs) : null;
    });

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create((token, size, cancellation) => CallAsync(async service =>
        {
            OrchestrationQuery query = filter ?? new OrchestrationQuery();
            CoreOrchestrationQuery core = new()
            {
                InstanceIdPrefix = query.InstanceIdPrefix,
                CreatedTimeFrom = query.CreatedFrom?.UtcDateTime,
                CreatedTimeTo = query.CreatedTo?.UtcDateTime,
                RuntimeStatus = query.Statuses?.Select(s => (OrchestrationStatus)s).ToList(),
                PageSize = size ?? query.PageSize,
                ContinuationToken = token ?? query.ContinuationToken,
                FetchInputsAndOutputs = query.FetchInputsAndOutputs,
            };
            OrchestrationQueryResult page = await service.GetOrchestrationWithQueryAsync(core, cancellation);
            return new Page<OrchestrationMetadata>(
                [.. page.OrchestrationState.Select(s => Metadata(s, query.FetchInputsAndOutputs))], page.ContinuationToken);
        }));

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        CallAsync(service => Task.FromResult(service.GetHistory(instanceId) ?? throw NotFound(instanceId)));

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => CallAsync(async service =>
    {
        OrchestrationMetadata? found = await GetInstancesAsync(instanceId, getInputsAndOutputs: false, cancellation);
        if (found is { IsCompleted: false })
        {
            throw new InvalidOperationException(
                $"Only orchestrations in a terminal state can be purged, but the orchestration with instance ID {instanceId} "
                + $"has status {found.RuntimeStatus}");
        }

        return new PurgeResult((await service.PurgeInstanceStateAsync(instanceId)).DeletedInstanceCount);
    });

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
            CallAsync(async service =>
    {
        PurgeInstanceFilter core = new(
            filter.CreatedFrom?.UtcDateTime ?? DateTime.MinValue,
            filter.CreatedTo?.UtcDateTime,
            filter.Statuses?.Select(s => (OrchestrationStatus)s));
        return new PurgeResult((await service.PurgeInstanceStateAsync(core)).DeletedInstanceCount);
    });

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        OrchestrationState state = await CallAsync(service => service.GetOrchestrationStateAsync(instanceId, null))
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        if (!restartWithNewInstanceId && !state.OrchestrationStatus.IsTerminal())
        {
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");
        }

        ExecutionStartedEvent start = new(-1, state.Input) { Name = state.Name, Version = state.Version, Tags = state.Tags };
        return await StartAsync(start, restartWithNewInstanceId ? null : instanceId, [], cancellation);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Unknown(string instanceId) =>
        new($"Orchestration with instanceId '{instanceId}' does not exist");

    private static RpcException NotFound(string instanceId) =>
        Failure(StatusCode.NotFound, $"No instance with ID '{instanceId}' was found.");

    private static RpcException Failure(StatusCode code, string detail) => new(new Status(code, detail));

    /// <summary>Calls the service. Reports a storage error as <see cref="StatusCode.Unavailable"/>, as the Functions host does.</summary>
    private async Task<T> CallAsync<T>(Func<SqliteOrchestrationService, Task<T>> call)
    {
        try
        {
            return await call(hub.Service ?? throw Failure(StatusCode.Unavailable, "The durable task hub is not running."));
        }
        catch (StorageException problem)
        {
            throw Failure(
                StatusCode.Unavailable,
                $"{problem.Message} What was asked for may still be done once the database takes it; "
                + "asking again is safe with the same instance id.");
        }
    }

    private string? Serialize(object? value, string what) => hub.Options.CheckSize(hub.Options.DataConverter.Serialize(value), what);

    private Task<string> StartAsync(
        ExecutionStartedEvent start, string? instanceId, OrchestrationStatus[] dedupe, CancellationToken cancellation) =>
        CallAsync(async service =>
    {
        cancellation.ThrowIfCancellationRequested();
        if (instanceId?.StartsWith('@') == true)
        {
            throw new ArgumentException("Instance ids that begin with '@' are reserved for entities.", nameof(instanceId));
        }

        start.OrchestrationInstance = new OrchestrationInstance
        {
            InstanceId = instanceId ?? Guid.NewGuid().ToString("N"),
            ExecutionId = Guid.NewGuid().ToString("N"),
        };
        start.ParentTraceContext = Activity.Current is { Id: { } id } activity
            ? new DistributedTraceContext(id, activity.TraceStateString)
            : null;
        TaskMessage message = new() { OrchestrationInstance = start.OrchestrationInstance, Event = start };
        await service.CreateTaskOrchestrationAsync(message, dedupe).WaitAsync(cancellation);
        return start.OrchestrationInstance.InstanceId;
    });

    /// <summary>Sends something to an unfinished instance.</summary>
    /// <param name="whenFinished">The status of the failure when the instance has ended.</param>
    private Task<bool> SendAsync(
        string instanceId, HistoryEvent step, CancellationToken cancellation, StatusCode whenFinished = StatusCode.FailedPrecondition) =>
        CallAsync(async service =>
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        TaskMessage message = new() { OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId }, Event = step };
        if (await service.TrySendAsync(message, cancellation))
        {
            return true;
        }

        throw await service.GetOrchestrationStateAsync(instanceId, null) is null
            ? NotFound(instanceId)
            : Failure(whenFinished, $"The orchestration instance with the provided instance id '{instanceId}' is not running.");
    });

    private OrchestrationMetadata Metadata(OrchestrationState state, bool withPayloads) =>
        new(state.Name, state.OrchestrationInstance.InstanceId)
    {
        RuntimeStatus = (OrchestrationRuntimeStatus)state.OrchestrationStatus,
        CreatedAt = new DateTimeOffset(state.CreatedTime),
        LastUpdatedAt = new DateTimeOffset(state.LastUpdatedTime),
        SerializedInput = withPayloads ? state.Input : null,
        SerializedOutput = withPayloads ? state.Output : null,
        SerializedCustomStatus = state.Status,
        Tags = state.Tags?.AsReadOnly() ?? new Dictionary<string, string>().AsReadOnly(),
        DataConverter = withPayloads ? hub.Options.DataConverter : null,
    };
}
