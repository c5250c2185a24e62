using System.Collections.Concurrent;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Sqlite.Runtime;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite;

/// <summary>
/// A storage provider for the Durable Task Framework on one SQLite file, for one process at a time.
/// This part is what the framework's dispatchers call; the parts for clients and for the life cycle are in files of their own.
/// </summary>
public sealed partial class SqliteOrchestrationService : IOrchestrationService
{
    private static readonly TimeSpan s_longestRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>The unfinished instances by id.</summary>
    private readonly ConcurrentDictionary<string, Instance> _active = new(StringComparer.Ordinal);

    private readonly BusyCounter _busy = new();
    private readonly WorkQueue<Instance> _ready = new();
    private readonly WorkQueue<ActivityRun> _activities = new();
    private int _turns;
    private int _runningActivities;
    private int _cachedHistories;
    private volatile bool _holdsNewInstances;

    public int TaskOrchestrationDispatcherCount => 1;

    public int MaxConcurrentTaskOrchestrationWorkItems => _options.MaxConcurrentOrchestrators;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    public int TaskActivityDispatcherCount => 1;

    public int MaxConcurrentTaskActivityWorkItems => _options.MaxConcurrentActivities;

    /// <summary>Whether new instances wait because too many activities do.</summary>
    internal bool HoldsNewInstances => _holdsNewInstances;

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is StorageException ? 1 : 0;

    /// <summary>Returns the next turn; null when cancelled. It waits as long as it takes: nothing polls.</summary>
    public async Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (await _ready.TakeAsync(cancellationToken) is { } instance)
        {
            // A queued instance may be in the queue twice, once as deferred.
            if (instance.TryBeginTurn() is { } inbox)
            {
                Interlocked.Increment(ref _turns);
                return BeginTurn(instance, inbox);
            }
        }

        return null!;
    }

    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    /// <summary>
    /// Queues the turn to be written. Its effects (activities, timers, messages, the next turn) follow the commit, so the dispatcher
    /// need not wait for it, except while too much waits to be written.
    /// </summary>
    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage? continuedAsNewMessage,
        OrchestrationState? orchestrationState)
    {
        TurnWorkItem item = (TurnWorkItem)workItem;
        if (newOrchestrationRuntimeState.ExecutionStartedEvent is null)
        {
            throw new InvalidOperationException($"Instance '{item.Instance.Id}' has no start event.");
        }

        Turn turn = new(item, newOrchestrationRuntimeState, item.Instance.Time, outboundMessages);
        if (!turn.Status.IsTerminal())
        {
            turn.Activities.AddRange(outboundMessages);
            turn.Timers.AddRange(timerMessages.Select(m => (TimerFiredEvent)m.Event));
        }

        foreach (TaskMessage message in orchestratorMessages)
        {
            AddMessage(turn, message);
        }

        _writer.Enqueue(new StoreWrite(turn.Store, () => OnTurnCommitted(turn)));
        return _writer.WhenRoomAsync();
    }

    /// <summary>Puts the messages of a failed or rejected turn back and tries again, at growing intervals.</summary>
    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        TurnWorkItem item = (TurnWorkItem)workItem;
        Abandon(item.Instance, item.Inbox);
        return Task.CompletedTask;
    }

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    /// <summary>Returns the next activity; null when cancelled.</summary>
    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (await _activities.TakeAsync(cancellationToken) is { } run)
        {
            HoldNewInstances();
            if (!run.Instance.Status.IsTerminal())
            {
                Interlocked.Increment(ref _runningActivities);
                return run;
            }

            _busy.Exit();
        }

        return null!;
    }

    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    /// <summary>
    /// Hands the result to the instance. It is stored with the turn that takes it; lost before that, the activity runs again.
    /// </summary>
    public Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        responseMessage.Event.Timestamp = Now;
        Deliver(((ActivityRun)workItem).Instance, new InboxMessage(responseMessage));
        Interlocked.Decrement(ref _runningActivities);
        _busy.Exit();
        return Task.CompletedTask;
    }

    public async Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        Interlocked.Decrement(ref _runningActivities);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _activities.Enqueue((ActivityRun)workItem);
    }

    private TurnWorkItem BeginTurn(Instance instance, List<InboxMessage> inbox)
    {
        instance.Time = Now > instance.Time ? Now : instance.Time;
        try
        {
            List<HistoryEvent> history = instance.LastRow == 0 ? [] : instance.History ?? _reader.History(instance.Key).Events;
            return new TurnWorkItem(instance, inbox, new OrchestrationRuntimeState(history) { Status = instance.CustomStatus });
        }
        catch (StorageException)
        {
            Abandon(instance, inbox);
            throw;
        }
    }

    /// <summary>Adds a message that a turn sends: the start of a sub-orchestration, its result, or an event.</summary>
    private void AddMessage(Turn turn, TaskMessage message)
    {
        if (message.Event is SubOrchestrationInstanceFailedEvent { FailureDetails: null } ended)
        {
            message.Event = Terminated(ended);
        }

        message.Event.Timestamp = turn.Time;
        if (message.Event is ExecutionStartedEvent start)
        {
            Instance child = new(Interlocked.Increment(ref _lastKey), start);
            if (_active.TryAdd(child.Id, child))
            {
                turn.Children.Add(child);
                return;
            }

            // The caller is told as if the sub-orchestration had failed; there is no other way to tell it.
            message = Refusal(start);
        }

        // A message to an unknown or finished instance is dropped, as by the other providers.
        if (_active.TryGetValue(message.OrchestrationInstance.InstanceId, out Instance? target))
        {
            turn.Messages.Add((target, new InboxMessage(message, Interlocked.Increment(ref _lastSequence))));
        }
    }

    /// <summary>
    /// The framework tells a parent no details of a terminated sub-orchestration, but its own exception for that needs them.
    /// </summary>
    private static SubOrchestrationInstanceFailedEvent Terminated(SubOrchestrationInstanceFailedEvent ended)
    {
        FailureDetails details = new(
            "DurableTask.Core.Exceptions.OrchestrationTerminatedException",
            $"The sub-orchestration was terminated: {ended.Reason}",
            stackTrace: null,
            innerFailure: null,
            isNonRetriable: false);
        return new SubOrchestrationInstanceFailedEvent(-1, ended.TaskScheduledId, ended.Reason, null, details);
    }

    private TaskMessage Refusal(ExecutionStartedEvent start)
    {
        string reason = $"An orchestration with the instance id {start.OrchestrationInstance.InstanceId} is already running.";
        FailureDetails details = new(typeof(OrchestrationAlreadyExistsException).FullName!, reason, null, null, isNonRetriable: false);
        return new TaskMessage
        {
            OrchestrationInstance = start.ParentInstance.OrchestrationInstance,
            Event = new SubOrchestrationInstanceFailedEvent(-1, start.ParentInstance.TaskScheduleId, reason, null, details)
            {
                Timestamp = Now,
            },
        };
    }

    /// <summary>Lets a committed turn take effect. Runs on the writer thread.</summary>
    private void OnTurnCommitted(Turn turn)
    {
        Instance instance = turn.Instance;
        bool ended = turn.Status.IsTerminal();
        turn.ApplyToInstance(KeepHistory(instance, ended));
        if (ended)
        {
            // Before its parent hears of it: a retry may start the same id at once.
            _active.TryRemove(new KeyValuePair<string, Instance>(instance.Id, instance));
            _timers.RemoveAll(instance);
        }

        turn.Children.ForEach(OnStartCommitted);
        turn.Messages.ForEach(m => Deliver(m.Target, m.Message));
        turn.Activities.ForEach(message => Schedule(instance, message));
        turn.Timers.ForEach(timer => Schedule(instance, timer, timer.FireAt, turn.Time));
        turn.Inbox.ForEach(m => m.Handled?.TrySetResult());
        Report(instance, turn.Status);
        if (ended)
        {
            instance.End();
        }
        else if (instance.EndTurn())
        {
            Enqueue(instance);
        }

        Interlocked.Decrement(ref _turns);
        _busy.Exit();
    }

    /// <summary>Decides whether the history of an instance stays in memory.</summary>
    private bool KeepHistory(Instance instance, bool ended)
    {
        bool cached = instance.History is not null;
        bool keep = !ended && (cached || Volatile.Read(ref _cachedHistories) < _options.MaxCachedHistories);
        if (keep != cached)
        {
            Interlocked.Add(ref _cachedHistories, keep ? 1 : -1);
        }

        return keep;
    }

    private void OnStartCommitted(Instance instance)
    {
        Report(instance, OrchestrationStatus.Pending);
        if (instance.Start.ScheduledStartTime is { } startAt && startAt > Now)
        {
            _timers.Add(startAt, instance, null);
        }
        else
        {
            Begin(instance);
        }
    }

    private void Begin(Instance instance)
    {
        if (instance.Release())
        {
            Enqueue(instance, deferred: true);
        }
    }

    private void Enqueue(Instance instance, bool deferred = false)
    {
        _busy.Enter();
        _ready.Enqueue(instance, deferred);
    }

    private void Deliver(Instance instance, InboxMessage message)
    {
        if (instance.Post(message))
        {
            Enqueue(instance);
        }
    }

    private void OnTimerDue(TimerEntry timer)
    {
        if (timer.Message is not { } message)
        {
            Begin(timer.Instance);
            return;
        }

        message.Message.Event.Timestamp = Now;
        Deliver(timer.Instance, message);
    }

    private void Schedule(Instance instance, TaskMessage activity)
    {
        _busy.Enter();
        _activities.Enqueue(new ActivityRun(instance, activity));
        HoldNewInstances();
    }

    /// <summary>Sets a timer by how long it was to wait when it was created, so that a clock set back does not delay it.</summary>
    private void Schedule(Instance instance, TimerFiredEvent timer, DateTime fireAt, DateTime createdAt)
    {
        DateTime latest = Now + (fireAt - createdAt);
        TaskMessage message = new() { OrchestrationInstance = instance.Start.OrchestrationInstance, Event = timer };
        _timers.Add(fireAt < latest ? fireAt : latest, instance, new InboxMessage(message));
    }

    /// <summary>Lets new instances wait while too many activities do.</summary>
    private void HoldNewInstances()
    {
        bool hold = _activities.Count > _options.MaxActivityBacklog;
        if (hold != _holdsNewInstances)
        {
            _holdsNewInstances = hold;
            _ready.HoldDeferred(hold);
        }
    }

    private void Abandon(Instance instance, List<InboxMessage> inbox)
    {
        instance.AbandonTurn(inbox);
        if (instance.AbandonedTurns == 1)
        {
            Log.TurnAbandoned(_logger, instance.Id);
        }

        Interlocked.Decrement(ref _turns);
        _ = RetryTurnAsync(instance);
        _busy.Exit();
    }

    private async Task RetryTurnAsync(Instance instance)
    {
        TimeSpan delay = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, instance.AbandonedTurns - 1), s_longestRetryDelay.TotalSeconds));
        await Task.Delay(delay, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_stopping.IsCancellationRequested && instance.Resume())
        {
            Enqueue(instance);
        }
    }
}
