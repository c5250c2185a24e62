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

    /// <summary>Longer waits are without limit: .NET timers end at 49 days.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(30);

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
            if (dedupeStatuses?.Any(s => s.IsTerminal()) == true && _reader.Find(instance.Id) is { } found
                && dedupeStatuses.Contains(found.Status))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id {instance.Id} is {found.Status}.");
            }
        }
        catch
        {
            _active.TryRemove(new KeyValuePair<string, Instance>(instance.Id, instance));
            throw;
        }

        await WriteAsync(store => store.Insert(instance.Key, start), () => OnStartCommitted(instance));
    }

    /// <summary>Sends a message to an instance; dropped when that is unknown or has ended.</summary>
    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) =>
        TrySendAsync(message, untilHandled: false, CancellationToken.None);

    public async Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages)
    {
        foreach (TaskMessage message in messages)
        {
            await SendTaskOrchestrationMessageAsync(message);
        }
    }

    /// <summary>Waits for the end of an instance. Returns null when there is none of that id.</summary>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<OrchestrationState> WaitForOrchestrationAsync(
        string instanceId, string? executionId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeSpan wait = timeout > s_longestWait ? Timeout.InfiniteTimeSpan : timeout;
        InstanceRow? found;
        do
        {
            if (_active.TryGetValue(instanceId, out Instance? instance))
            {
                await instance.Ended.Task.WaitAsync(wait, cancellationToken);
            }

            found = _reader.Find(instanceId);
        }
        while (found is not null && !found.Status.IsTerminal()); // It was started again meanwhile.

        return found?.ToState()!;
    }

    /// <summary>Terminates an instance; does nothing when it is unknown or has ended. Its sub-orchestrations go on.</summary>
    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string? reason) =>
        TryTerminateAsync(instanceId, reason, CancellationToken.None);

    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await GetOrchestrationStateAsync(instanceId, null) is { } state ? [state] : [];

    /// <summary>Returns the state of an instance; null when there is none of that id, or only another execution.</summary>
    public Task<OrchestrationState> GetOrchestrationStateAsync(string instanceId, string? executionId)
    {
        OrchestrationState? state = _reader.Find(instanceId)?.ToState();
        return Task.FromResult(executionId is null || state?.OrchestrationInstance.ExecutionId == executionId ? state! : null!);
    }

    /// <summary>Returns the history as JSON; an empty list when there is no such instance.</summary>
    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string executionId) =>
        Task.FromResult(JsonConvert.SerializeObject(GetHistory(instanceId) ?? []));

    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        List<InstanceRow> page = _reader.List(new InstanceFilter
        {
            Prefix = query.InstanceIdPrefix,
            After = query.ContinuationToken,
            CreatedFrom = query.CreatedTimeFrom,
            CreatedTo = query.CreatedTimeTo,
            Statuses = [.. query.RuntimeStatus ?? []],
            Limit = query.PageSize,
        });
        List<OrchestrationState> states =
            [.. page.Select(r => r.ToState().ClearFieldsImmutably(!query.FetchInputsAndOutputs, !query.FetchInputsAndOutputs))];
        return Task.FromResult(new OrchestrationQueryResult(states, page.Count == query.PageSize ? page[^1].Id : null));
    }

    /// <summary>Deletes a finished instance; does nothing to an unfinished one.</summary>
    public async Task<PurgeResult> PurgeInstanceStateAsync(string instanceId)
    {
        if (_reader.Find(instanceId) is not { } found || !found.Status.IsTerminal())
        {
            return new PurgeResult(0, isComplete: true);
        }

        await DeleteAsync([found.Key]);
        return new PurgeResult(1, isComplete: true);
    }

    public async Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) => new(
        await PurgeAsync(new InstanceFilter
        {
            CreatedFrom = purgeInstanceFilter.CreatedTimeFrom,
            CreatedTo = purgeInstanceFilter.CreatedTimeTo,
            Statuses = [.. purgeInstanceFilter.RuntimeStatus ?? []],
        }),
        isComplete: true);

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        PurgeAsync(timeRangeFilterType is OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter
            ? new InstanceFilter { CreatedTo = thresholdDateTimeUtc }
            : new InstanceFilter { UpdatedTo = thresholdDateTimeUtc });

    /// <summary>Returns the ids of finished instances by the time they ended.</summary>
    internal (List<string> Ids, string? Next) ListEnded(
        IEnumerable<OrchestrationStatus>? statuses, DateTime? from, DateTime? to, string? after, int limit)
    {
        InstanceFilter filter = Ended(
            new InstanceFilter { Statuses = [.. statuses ?? []], UpdatedFrom = from, UpdatedTo = to, After = after, Limit = limit });
        List<InstanceRow> page = filter.Statuses.Count == 0 ? [] : _reader.List(filter);
        return ([.. page.Select(r => r.Id)], page.Count == limit ? page[^1].Id : null);
    }

    /// <summary>Returns the history of an instance; null when there is none of that id.</summary>
    internal IList<HistoryEvent>? GetHistory(string instanceId) =>
        _reader.Find(instanceId) is { } found ? _reader.History(found.Key).Events : null;

    /// <summary>Waits until an instance has begun or ended; returns at once when it is unknown.</summary>
    internal Task WhenStartedAsync(string instanceId, CancellationToken cancellation) =>
        _active.TryGetValue(instanceId, out Instance? instance)
            ? instance.Started.Task.WaitAsync(cancellation)
            : Task.CompletedTask;

    /// <summary>Sends a message to an unfinished instance. Returns false when there is none of that id.</summary>
    /// <param name="untilHandled">Whether to wait for the turn that takes the message, where the instance has begun.</param>
    internal async Task<bool> TrySendAsync(TaskMessage message, bool untilHandled, CancellationToken cancellation)
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
            store => store.Send(inboxMessage.Sequence, instance.Key, message.OrchestrationInstance.ExecutionId, message.Event),
            () => DeliverFromClient(instance, inboxMessage));
        if (untilHandled && instance.Status is not OrchestrationStatus.Pending && instance.AbandonedTurns == 0)
        {
            await handled.Task.WaitAsync(cancellation);
        }

        return true;
    }

    /// <summary>Terminates an unfinished instance. Returns false when there is none of that id.</summary>
    internal async Task<bool> TryTerminateAsync(string instanceId, string? reason, CancellationToken cancellation)
    {
        await AdmitAsync();
        ExecutionTerminatedEvent terminated = new(-1, reason) { Timestamp = Now };
        if (_active.TryGetValue(instanceId, out Instance? instance) && instance.TryBeginForcedTurn(out bool wasQueued) is { } inbox)
        {
            await EndAsync(instance, inbox, terminated, wasQueued);
            return true;
        }

        OrchestrationInstance receiver = new() { InstanceId = instanceId };
        TaskMessage message = new() { OrchestrationInstance = receiver, Event = terminated };
        return await TrySendAsync(message, untilHandled: true, cancellation);
    }

    /// <summary>Ends an instance that the dispatcher cannot end, because it has not begun or is rejected by the worker.</summary>
    private Task EndAsync(Instance instance, List<InboxMessage> inbox, ExecutionTerminatedEvent terminated, bool wasQueued)
    {
        if (!wasQueued)
        {
            _busy.Enter();
        }

        Interlocked.Increment(ref _turns);
        TurnWorkItem item = BeginTurn(instance, inbox);
        OrchestrationRuntimeState state = item.OrchestrationRuntimeState;
        state.AddEvent(new OrchestratorStartedEvent(-1) { Timestamp = instance.Time });
        if (state.ExecutionStartedEvent is null)
        {
            state.AddEvent(instance.Start);
        }

        state.AddEvent(terminated);
        state.AddEvent(new ExecutionCompletedEvent(-1, terminated.Input, OrchestrationStatus.Terminated));
        state.AddEvent(new OrchestratorCompletedEvent(-1));
        Turn turn = new(item, state, instance.Time, []);
        if (instance.Start.ParentInstance is { } parent)
        {
            AddMessage(turn, new TaskMessage
            {
                OrchestrationInstance = parent.OrchestrationInstance,
                Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, terminated.Input, null),
            });
        }

        StoreWrite write = new(turn.Store, () => OnTurnCommitted(turn));
        _writer.Enqueue(write);
        return write.Done;
    }

    /// <summary>
    /// Delivers a client's message. An instance that waits for room to begin takes its turn at once: a client must not wait with it.
    /// </summary>
    private void DeliverFromClient(Instance instance, InboxMessage message)
    {
        Deliver(instance, message);
        if (instance.LastRow == 0)
        {
            _ready.Enqueue(instance);
        }
    }

    private async Task<int> PurgeAsync(InstanceFilter filter)
    {
        InstanceFilter ended = Ended(filter) with { Limit = PurgePage };
        int purged = 0;
        _busy.Enter();
        try
        {
            for (List<InstanceRow> page = NextPage(); page.Count > 0; page = NextPage())
            {
                await DeleteAsync([.. page.Select(r => r.Key)]);
                purged += page.Count;
                ended = ended with { After = page[^1].Id };
            }

            return purged;
        }
        finally
        {
            _busy.Exit();
        }

        List<InstanceRow> NextPage() => ended.Statuses.Count == 0 ? [] : _reader.List(ended);
    }

    /// <summary>Narrows a filter to finished instances; none of the statuses is left when it asked for unfinished ones only.</summary>
    private static InstanceFilter Ended(InstanceFilter filter) => filter with
    {
        Statuses = filter.Statuses.Count == 0 ? OrchestrationStatusExtensions.Terminal : [.. filter.Statuses.Where(s => s.IsTerminal())],
    };

    private async Task DeleteAsync(List<long> keys)
    {
        await AdmitAsync();
        await WriteAsync(store => keys.ForEach(store.Delete), () => { });
    }

    private async Task WriteAsync(Action<InstanceStore> apply, Action committed)
    {
        _busy.Enter();
        StoreWrite write = new(apply, () =>
        {
            committed();
            _busy.Exit();
        });
        _writer.Enqueue(write);
        await write.Done;
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
