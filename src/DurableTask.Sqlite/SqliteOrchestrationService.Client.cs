using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.Sqlite.Runtime;
using DurableTask.Sqlite.Storage;
using Newtonsoft.Json;

namespace DurableTask.Sqlite;

// What clients call: starting, messages, queries and purging. Requests are answered after their commit.
public sealed partial class SqliteOrchestrationService
    : IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient
{
    /// <summary>Instances purged in one write, so that neither memory nor other commits depend on how many there are.</summary>
    private const int PurgePage = 500;

    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => CreateTaskOrchestrationAsync(creationMessage, []);

    /// <summary>
    /// Starts an instance. Refused while one of its id is unfinished, or when the finished one's status is among the dedupe statuses.
    /// </summary>
    /// <exception cref="OrchestrationAlreadyExistsException">It is refused.</exception>
    /// <exception cref="StorageException">The disk refuses; the start may still take effect later, as after a time-out.</exception>
    public async Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses)
    {
        ExecutionStartedEvent start = (ExecutionStartedEvent)creationMessage.Event;
        start.Timestamp = Now;
        await AdmitAsync();
        Instance instance = new(Interlocked.Increment(ref _lastKey), start);
        if (!_active.TryAdd(instance.Id, instance))
        {
            throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id {instance.Id} is already running.");
        }

        try
        {
            if (dedupeStatuses?.Any(InstanceStore.IsTerminal) is true && Find(instance.Id)?.OrchestrationStatus is { } status
                && dedupeStatuses.Contains(status))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id {instance.Id} is {status}.");
            }
        }
        catch
        {
            _active.TryRemove(new KeyValuePair<string, Instance>(instance.Id, instance));
            throw;
        }

        await WriteAsync(database => database.Insert(instance.Key, start), () => OnStartCommitted(instance));
    }

    /// <summary>Sends a message to an instance; dropped when that is unknown or has ended.</summary>
    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => TrySendAsync(message, CancellationToken.None);

    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages) =>
        Task.WhenAll(messages.Select(SendTaskOrchestrationMessageAsync));

    /// <summary>Waits for the end of an instance. Returns null when there is none of that id.</summary>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<OrchestrationState> WaitForOrchestrationAsync(
        string instanceId, string? executionId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // .NET's timers end at 49 days.
        TimeSpan wait = timeout.TotalMilliseconds > int.MaxValue ? Timeout.InfiniteTimeSpan : timeout;
        OrchestrationState? found;
        do
        {
            if (_active.TryGetValue(instanceId, out Instance? instance))
            {
                await instance.Ended.Task.WaitAsync(wait, cancellationToken);
            }

            found = Find(instanceId);
        }
        while (found is not null && !found.OrchestrationStatus.IsTerminal()); // It was started again meanwhile.

        return found!;
    }

    /// <summary>Terminates an instance; does nothing when it is unknown or has ended. Its sub-orchestrations go on.</summary>
    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string? reason) => SendTaskOrchestrationMessageAsync(new TaskMessage
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId }, Event = new ExecutionTerminatedEvent(-1, reason),
    });

    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await GetOrchestrationStateAsync(instanceId, null) is { } state ? [state] : [];

    /// <summary>Returns the state of an instance; null when there is none of that id, or only another execution.</summary>
    public Task<OrchestrationState> GetOrchestrationStateAsync(string instanceId, string? executionId)
    {
        OrchestrationState? state = Find(instanceId);
        return Task.FromResult(executionId is null || state?.OrchestrationInstance.ExecutionId == executionId ? state! : null!);
    }

    /// <summary>Returns the history as JSON; an empty list when there is no such instance.</summary>
    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string executionId) =>
        Task.FromResult(JsonConvert.SerializeObject(GetHistory(instanceId) ?? []));

    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        List<InstanceRow> page = Read(database => database.List(query));
        bool withPayloads = query.FetchInputsAndOutputs;
        return Task.FromResult(new OrchestrationQueryResult(
            [.. page.Select(row => row.State.ClearFieldsImmutably(!withPayloads, !withPayloads))],
            page.Count == query.PageSize ? page[^1].State.OrchestrationInstance.InstanceId : null));
    }

    /// <summary>Deletes a finished instance; does nothing to an unfinished one.</summary>
    public async Task<PurgeResult> PurgeInstanceStateAsync(string instanceId)
    {
        if (Read(database => database.Find(instanceId)) is not { } found || !found.State.OrchestrationStatus.IsTerminal())
        {
            return new PurgeResult(0, isComplete: true);
        }

        await AdmitAsync();
        await WriteAsync(database => database.Delete(found.Key), () => { });
        return new PurgeResult(1, isComplete: true);
    }

    public async Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) =>
        new(await PurgeAsync(purgeInstanceFilter, DateTime.MaxValue), isComplete: true);

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        timeRangeFilterType is OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter
            ? PurgeAsync(new PurgeInstanceFilter(DateTime.MinValue, thresholdDateTimeUtc, null), DateTime.MaxValue)
            : PurgeAsync(new PurgeInstanceFilter(DateTime.MinValue, null, null), thresholdDateTimeUtc);

    /// <summary>Returns the history of an instance; null when there is none of that id.</summary>
    internal IList<HistoryEvent>? GetHistory(string instanceId) => Read(database =>
        database.Find(instanceId) is { } found ? database.History(found.Key, instanceId).Events : null);

    /// <summary>
    /// Sends a message to an unfinished instance, and waits for the turn that takes it unless it is an event. Returns false when there is no
    /// such instance.
    /// </summary>
    internal async Task<bool> TrySendAsync(TaskMessage message, CancellationToken cancellation)
    {
        await AdmitAsync();
        if (!_active.TryGetValue(message.OrchestrationInstance.InstanceId, out Instance? instance))
        {
            return false;
        }

        message.Event.Timestamp = Now;
        TaskCompletionSource handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InboxMessage inboxMessage = new(message, Interlocked.Increment(ref _lastSequence)) { Handled = handled };
        await WriteAsync(
            database => database.Send(inboxMessage.Sequence, instance.Key, message), () => Deliver(instance, inboxMessage));

        // Only termination is taken by an instance that has not begun or is rejected by the worker.
        bool takesTurns = instance.Status is not OrchestrationStatus.Pending && instance.AbandonedTurns == 0;
        if (message.Event is ExecutionTerminatedEvent || (takesTurns && message.Event is not EventRaisedEvent))
        {
            await handled.Task.WaitAsync(cancellation);
        }

        return true;
    }

    // A caller often reads an instance right after its start; its state is then in memory, which saves a read of the database.
    private OrchestrationState? Find(string instanceId) =>
        _active.TryGetValue(instanceId, out Instance? instance) && instance.IsBeforeFirstTurn
        ? InstanceStore.CreatePendingState(instance.Start)
        : Read(database => database.Find(instanceId))?.State;

    /// <summary>Reads on a connection of its own, which never waits for the writer.</summary>
    private T Read<T>(Func<SqliteDatabase, T> read)
    {
        if (!_readers.TryTake(out SqliteDatabase? database))
        {
            database = SqliteDatabase.Open(_path, readOnly: true);
        }

        try
        {
            return read(database);
        }
        finally
        {
            _readers.Add(database);
        }
    }

    private async Task<int> PurgeAsync(PurgeInstanceFilter filter, DateTime endedBy)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            int purged = 0;
            for (int page = PurgePage; page == PurgePage; purged += page)
            {
                await AdmitAsync();
                await WriteAsync(database => page = database.Purge(filter, endedBy, PurgePage), () => { });
            }

            return purged;
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }

    private Task WriteAsync(Action<SqliteDatabase> apply, Action committed)
    {
        Interlocked.Increment(ref _busy);
        return _writer.WriteAsync(apply, () =>
        {
            committed();
            Interlocked.Decrement(ref _busy);
        });
    }

    /// <summary>Lets a request in: refuses it while nothing can be written, holds it back while too much waits to be.</summary>
    private async Task AdmitAsync()
    {
        await _writer.WhenRoomAsync();
        if (_writer.Problem is { } problem)
        {
            throw new StorageException(problem.Code, problem.Describe());
        }

        if (!_started || _stopping.IsCancellationRequested)
        {
            throw new StorageException(1, "The task hub is not running.");
        }
    }
}
