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
    private EmbeddedTaskHubOptions Options => hub.Options;

    private SqliteOrchestrationService Service => hub.Service ?? throw Unavailable("The durable task hub is not running.");

    /// <inheritdoc/>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">An unfinished instance has the id.</exception>
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (functions.FindOrchestrator(orchestratorName.Name) is null)
        {
            throw new ArgumentException($"The orchestrator '{orchestratorName.Name}' doesn't exist.", nameof(orchestratorName));
        }

        ExecutionStartedEvent start = new(-1, Serialize(input, "input"))
        {
            Name = orchestratorName.Name,
            Version = options?.Version?.Version ?? Options.DefaultVersion,
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
        EventRaisedEvent raised = new(-1, Serialize(eventPayload, "event")) { Name = eventName };
        return AskAsync(instanceId, id => Service.TrySendAsync(Message(id, raised), untilHandled: false, cancellation));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        AskAsync(
            instanceId,
            id => Service.TrySendAsync(Message(id, new ExecutionSuspendedEvent(-1, reason)), untilHandled: true, cancellation),
            StatusCode.Unknown);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        AskAsync(
            instanceId,
            id => Service.TrySendAsync(Message(id, new ExecutionResumedEvent(-1, reason)), untilHandled: true, cancellation),
            StatusCode.Unknown);

    /// <inheritdoc/>
    /// <remarks>Sub-orchestrations go on, also with <see cref="TerminateInstanceOptions.Recursive"/>, as on Azure Storage.</remarks>
    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        string? output = Serialize(options?.Output, "output");
        return AskAsync(instanceId, id => Service.TryTerminateAsync(id, output, cancellation));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => GuardAsync(async () =>
    {
        await Service.WhenStartedAsync(instanceId, cancellation);
        return await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation) ?? throw Unknown(instanceId);
    });

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => GuardAsync(async () =>
    {
        OrchestrationState? state = await Service.WaitForOrchestrationAsync(instanceId, null, TimeSpan.MaxValue, cancellation);
        return state is null ? throw Unknown(instanceId) : Metadata(state, getInputsAndOutputs);
    });

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => GuardAsync(async () =>
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        OrchestrationState? state = await Service.GetOrchestrationStateAsync(instanceId, null);
        return state is null ? null : Metadata(state, getInputsAndOutputs);
    });

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create((token, size, cancellation) => GuardAsync(async () =>
        {
            OrchestrationQuery query = filter ?? new OrchestrationQuery();
            OrchestrationQueryResult page = await Service.GetOrchestrationWithQueryAsync(
                new CoreOrchestrationQuery
                {
                    InstanceIdPrefix = query.InstanceIdPrefix,
                    CreatedTimeFrom = query.CreatedFrom?.UtcDateTime,
                    CreatedTimeTo = query.CreatedTo?.UtcDateTime,
                    RuntimeStatus = query.Statuses?.Select(s => (OrchestrationStatus)s).ToList(),
                    PageSize = size ?? query.PageSize,
                    ContinuationToken = token ?? query.ContinuationToken,
                    FetchInputsAndOutputs = query.FetchInputsAndOutputs,
                },
                cancellation);
            return new Page<OrchestrationMetadata>(
                [.. page.OrchestrationState.Select(s => Metadata(s, query.FetchInputsAndOutputs))], page.ContinuationToken);
        }));

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default) => GuardAsync(() =>
    {
        (List<string> ids, string? next) = Service.ListEnded(
            runtimeStatus?.Select(s => (OrchestrationStatus)s),
            completedTimeFrom?.UtcDateTime,
            completedTimeTo?.UtcDateTime,
            lastInstanceKey,
            pageSize);
        return Task.FromResult(new Page<string>(ids, next));
    });

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        GuardAsync(() => Task.FromResult(Service.GetHistory(instanceId) ?? throw NotFound(instanceId)));

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => GuardAsync(async () =>
    {
        OrchestrationMetadata? found = await GetInstancesAsync(instanceId, getInputsAndOutputs: false, cancellation);
        if (found is { IsCompleted: false })
        {
            throw new InvalidOperationException(
                $"Only orchestrations in a terminal state can be purged, but the orchestration with instance ID {instanceId} "
                + $"has status {found.RuntimeStatus}");
        }

        return new PurgeResult((await Service.PurgeInstanceStateAsync(instanceId)).DeletedInstanceCount);
    });

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
            GuardAsync(async () =>
    {
        PurgeInstanceFilter core = new(
            filter.CreatedFrom?.UtcDateTime ?? DateTime.MinValue,
            filter.CreatedTo?.UtcDateTime,
            filter.Statuses?.Select(s => (OrchestrationStatus)s));
        return new PurgeResult((await Service.PurgeInstanceStateAsync(core)).DeletedInstanceCount);
    });

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        OrchestrationState? state = await GuardAsync(() => Service.GetOrchestrationStateAsync(instanceId, null));
        if (state is null)
        {
            throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        }

        if (!restartWithNewInstanceId && !state.OrchestrationStatus.IsTerminal())
        {
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");
        }

        ExecutionStartedEvent start = new(-1, state.Input) { Name = state.Name, Version = state.Version, Tags = state.Tags };
        return await StartAsync(start, restartWithNewInstanceId ? null : instanceId, [], cancellation);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TaskMessage Message(string instanceId, HistoryEvent step) =>
        new() { OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId }, Event = step };

    private static InvalidOperationException Unknown(string instanceId) =>
        new($"Orchestration with instanceId '{instanceId}' does not exist");

    private static RpcException NotFound(string instanceId) =>
        new(new Status(StatusCode.NotFound, $"No instance with ID '{instanceId}' was found."));

    private static RpcException Unavailable(string reason) => new(new Status(StatusCode.Unavailable, reason));

    /// <summary>Tells of a storage problem as the Functions host tells of its own: as a service that is not available.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (StorageException problem)
        {
            throw Unavailable(
                $"{problem.Message} What was asked for may still be done once the database takes it; "
                + "asking again is safe with the same instance id.");
        }
    }

    private string? Serialize(object? value, string what) => Options.CheckSize(Options.DataConverter.Serialize(value), what);

    private Task<string> StartAsync(
        ExecutionStartedEvent start, string? instanceId, OrchestrationStatus[] dedupe, CancellationToken cancellation)
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
        return GuardAsync(async () =>
        {
            await Service.CreateTaskOrchestrationAsync(
                new TaskMessage { OrchestrationInstance = start.OrchestrationInstance, Event = start }, dedupe).WaitAsync(cancellation);
            return start.OrchestrationInstance.InstanceId;
        });
    }

    /// <summary>Asks something of an unfinished instance.</summary>
    /// <param name="whenFinished">The status of the failure when the instance has ended.</param>
    private Task<bool> AskAsync(
        string instanceId, Func<string, Task<bool>> ask, StatusCode whenFinished = StatusCode.FailedPrecondition) => GuardAsync(async () =>
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (await ask(instanceId))
        {
            return true;
        }

        throw await Service.GetOrchestrationStateAsync(instanceId, null) is null
            ? NotFound(instanceId)
            : new RpcException(
                new Status(whenFinished, $"The orchestration instance with the provided instance id '{instanceId}' is not running."));
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
        DataConverter = withPayloads ? Options.DataConverter : null,
    };
}
