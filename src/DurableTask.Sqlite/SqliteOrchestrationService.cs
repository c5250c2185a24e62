using System.Collections.Concurrent;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Sqlite.Runtime;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite;

/// <summary>
/// A storage provider for the Durable Task Framework on one SQLite file, for one process at a time.
/// This part is what the framework's dispatchers call; scheduling, clients and life cycle have files of their own.
/// </summary>
public sealed partial class SqliteOrchestrationService : IOrchestrationService
{
    private const double LongestRetrySeconds = 60;

    /// <summary>The unfinished instances by id.</summary>
    private readonly ConcurrentDictionary<string, Instance> _active = new(StringComparer.Ordinal);

    private readonly WorkQueue<Instance> _ready;
    private readonly WorkQueue<ActivityRun> _activities = new();

    /// <summary>Work in hand: queued instances, turns, activities and writes.</summary>
    private int _busy;

    /// <summary>Committed unfinished instances. Counted by the writer thread, which decides whether another history is kept.</summary>
    private int _unfinished;

    public int TaskOrchestrationDispatcherCount => 1;
    public int MaxConcurrentTaskOrchestrationWorkItems => _options.MaxConcurrentOrchestrators;
    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;
    public int TaskActivityDispatcherCount => 1;
    public int MaxConcurrentTaskActivityWorkItems => _options.MaxConcurrentActivities;

    /// <summary>Whether new instances wait because too many activities do.</summary>
    internal bool HoldsNewInstances => _activities.Count > _options.MaxActivityBacklog;

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;
    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;
    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is StorageException ? 1 : 0;
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;
    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;
    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    /// <summary>Returns the next turn; null when cancelled. It waits as long as it takes: nothing polls.</summary>
    public async Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (await _ready.TakeAsync(cancellationToken) is { } instance)
        {
            // An instance may be in the queue twice, once as deferred.
            if (instance.TryBeginTurn() is { } inbox)
            {
                TurnWorkItem item = BeginTurn(instance, inbox);
                if (inbox.Find(m => m.Message.Event is ExecutionTerminatedEvent) is not { } termination)
                {
                    return item;
                }

                Terminate(item, (ExecutionTerminatedEvent)termination.Message.Event);
            }
        }

        return null!;
    }

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
        Turn turn = new((TurnWorkItem)workItem, newOrchestrationRuntimeState, outboundMessages);
        if (!turn.Status.IsTerminal())
        {
            turn.Activities.AddRange(outboundMessages);
            turn.Timers.AddRange(timerMessages.Select(m => (TimerFiredEvent)m.Event));
        }

        Write(turn, orchestratorMessages);
        return _writer.WhenRoomAsync();
    }

    /// <summary>Puts the messages of a failed or rejected turn back and tries again, at growing intervals.</summary>
    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        Abandon(((TurnWorkItem)workItem).Instance, ((TurnWorkItem)workItem).Inbox);
        return Task.CompletedTask;
    }

    /// <summary>Returns the next activity; null when cancelled.</summary>
    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (await _activities.TakeAsync(cancellationToken) is { } run)
        {
            if (_activities.Count == _options.MaxActivityBacklog)
            {
                // The backlog is back at its limit: new instances may start again.
                _ready.Pulse();
            }

            if (!run.Instance.Status.IsTerminal())
            {
                return run;
            }

            Interlocked.Decrement(ref _busy);
        }

        return null!;
    }

    /// <summary>
    /// Hands the result to the instance. It is stored with the turn that takes it; lost before that, the activity runs again.
    /// </summary>
    public Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        responseMessage.Event.Timestamp = Now;
        Deliver(((ActivityRun)workItem).Instance, new InboxMessage(responseMessage));
        Interlocked.Decrement(ref _busy);
        return Task.CompletedTask;
    }

    public async Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        await DelayAsync(_activities.IsClosed ? 0 : 1);
        _activities.Enqueue((ActivityRun)workItem);
    }

    private TurnWorkItem BeginTurn(Instance instance, List<InboxMessage> inbox)
    {
        instance.Time = Now > instance.Time ? Now : instance.Time;
        try
        {
            return new TurnWorkItem(
                instance, inbox, instance.LastRow == 0 ? [] : instance.History ?? Read(d => d.History(instance.Key, instance.Id).Events));
        }
        catch (StorageException)
        {
            Abandon(instance, inbox);
            throw;
        }
    }

    /// <summary>
    /// Ends an instance without its orchestrator, since that may not have begun, may not be allowed to for want of room, or may be rejected
    /// by the worker's version.
    /// </summary>
    private void Terminate(TurnWorkItem item, ExecutionTerminatedEvent terminated)
    {
        OrchestrationRuntimeState state = item.OrchestrationRuntimeState;
        state.AddEvent(new OrchestratorStartedEvent(-1) { Timestamp = item.Instance.Time });
        if (state.ExecutionStartedEvent is null)
        {
            state.AddEvent(item.Instance.Start);
        }

        state.AddEvent(terminated);
        state.AddEvent(new ExecutionCompletedEvent(-1, terminated.Input, OrchestrationStatus.Terminated));
        state.AddEvent(new OrchestratorCompletedEvent(-1));
        const string Type = "DurableTask.Core.Exceptions.OrchestrationTerminatedException";
        string reason = $"The sub-orchestration was terminated: {terminated.Input}";
        ParentInstance? parent = item.Instance.Start.ParentInstance;
        Write(new Turn(item, state, []), parent is null ? [] : [Failure(parent, terminated.Input, Type, reason)]);
    }

    private void Write(Turn turn, IList<TaskMessage> messages)
    {
        foreach (TaskMessage message in messages)
        {
            AddMessage(turn, message);
        }

        _ = _writer.WriteAsync(turn.Store, () => OnCommitted(turn));
    }

    /// <summary>Adds a message that a turn sends: the start of a sub-orchestration, its result, or an event.</summary>
    private void AddMessage(Turn turn, TaskMessage message)
    {
        if (message.Event is ExecutionStartedEvent start)
        {
            start.Timestamp = turn.Time;
            Instance child = new(Interlocked.Increment(ref _lastKey), start);
            if (_active.TryAdd(child.Id, child))
            {
                turn.Children.Add(child);
                return;
            }

            // The caller is told as if the sub-orchestration had failed; there is no other way to tell it.
            string reason = $"An orchestration with the instance id {child.Id} is already running.";
            message = Failure(start.ParentInstance, reason, typeof(OrchestrationAlreadyExistsException).FullName!, reason);
        }

        // A message to an unknown or finished instance is dropped, as by the other providers.
        message.Event.Timestamp = turn.Time;
        if (_active.TryGetValue(message.OrchestrationInstance.InstanceId, out Instance? target))
        {
            turn.Messages.Add((target, new InboxMessage(message, Interlocked.Increment(ref _lastSequence))));
        }
    }

    /// <summary>Creates the message that tells a parent that its sub-orchestration failed.</summary>
    private static TaskMessage Failure(ParentInstance parent, string? reason, string type, string message) => new()
    {
        OrchestrationInstance = parent.OrchestrationInstance,
        Event = new SubOrchestrationInstanceFailedEvent(
            -1, parent.TaskScheduleId, reason, null, new FailureDetails(type, message, null, null, isNonRetriable: false)),
    };
}
