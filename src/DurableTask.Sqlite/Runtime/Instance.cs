using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Runtime;

/// <summary>A message for an instance that is not part of its history yet.</summary>
/// <param name="Sequence">Its row in the inbox; 0 when the history implies it (results of activities, timers, the start).</param>
internal sealed record InboxMessage(TaskMessage Message, long Sequence = 0)
{
    /// <summary>Completes when the turn that took the message is committed.</summary>
    public TaskCompletionSource? Handled { get; init; }
}

/// <summary>
/// An unfinished instance in memory: its messages, its history while that is cached, and who waits for it.
/// It is in one state at a time: waiting for messages, queued for a turn, or in a turn until that is committed.
/// </summary>
internal sealed class Instance(long key, ExecutionStartedEvent start)
{
    private readonly Lock _gate = new();
    private List<InboxMessage> _inbox = [];
    private State _state = State.Waiting;
    private bool _released;
    private bool _ended;

    private enum State
    {
        Waiting,
        Queued,
        InTurn,
    }

    public long Key { get; } = key;

    public string Id { get; } = start.OrchestrationInstance.InstanceId;

    /// <summary>The start event of the current execution.</summary>
    public ExecutionStartedEvent Start { get; set; } = start;

    public string ExecutionId => Start.OrchestrationInstance.ExecutionId;

    /// <summary>The committed history; null when it must be read from the database.</summary>
    public List<HistoryEvent>? History { get; set; }

    /// <summary>The last row of its history; 0 before its first turn.</summary>
    public long LastRow { get; set; }

    /// <summary>The committed status.</summary>
    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public string? CustomStatus { get; set; }

    /// <summary>The status that listeners were last told of.</summary>
    public OrchestrationStatus? ReportedStatus { get; set; }

    /// <summary>The time of its last turn. An orchestrator's time never goes back, also when the clock does.</summary>
    public DateTime Time { get; set; }

    /// <summary>Its turns in a row that were abandoned, for instance because its version does not match the worker's.</summary>
    public int AbandonedTurns { get; set; }

    /// <summary>Its timers that have not fired. Used by one turn or commit at a time.</summary>
    public HashSet<TimerEntry> Timers { get; } = [];

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a message. Returns true when the instance is now queued and was not before.</summary>
    public bool Post(InboxMessage message)
    {
        lock (_gate)
        {
            if (_ended)
            {
                message.Handled?.TrySetResult();
                return false;
            }

            _inbox.Add(message);
            return TryQueue();
        }
    }

    /// <summary>Lets a new instance take turns, its start first. Returns true when it is now queued.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            _released = true;
            _inbox.Insert(0, new InboxMessage(new TaskMessage { OrchestrationInstance = Start.OrchestrationInstance, Event = Start }));
            return TryQueue();
        }
    }

    /// <summary>Marks an instance that has begun before as ready to take turns. Returns true when it is now queued.</summary>
    public bool Resume()
    {
        lock (_gate)
        {
            _released = true;
            return TryQueue();
        }
    }

    /// <summary>Begins a turn and takes all messages; null when the instance is not queued.</summary>
    public List<InboxMessage>? TryBeginTurn()
    {
        lock (_gate)
        {
            return _state is State.Queued ? BeginTurn() : null;
        }
    }

    /// <summary>Begins a turn although the instance cannot take one by itself: it has not begun, or its turns are abandoned.</summary>
    public List<InboxMessage>? TryBeginForcedTurn(out bool wasQueued)
    {
        lock (_gate)
        {
            wasQueued = _state is State.Queued;
            return _state is not State.InTurn && (LastRow == 0 || AbandonedTurns > 0) ? BeginTurn() : null;
        }
    }

    /// <summary>Ends a turn. Returns true when messages have come meanwhile and the instance is queued again.</summary>
    public bool EndTurn()
    {
        lock (_gate)
        {
            _state = State.Waiting;
            return TryQueue();
        }
    }

    /// <summary>
    /// Ends a turn without effect: its messages are back in the inbox, and the next message or <see cref="Resume"/> leads to a new one.
    /// </summary>
    public void AbandonTurn(List<InboxMessage> messages)
    {
        lock (_gate)
        {
            AbandonedTurns++;
            _inbox.InsertRange(0, messages);
            _state = State.Waiting;
        }
    }

    /// <summary>Ends the instance: messages that come from now on, or that no turn took, are lost.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _inbox.ForEach(m => m.Handled?.TrySetResult());
        }

        Ended.TrySetResult();
    }

    /// <summary>Tells everybody who waits that the hub has stopped.</summary>
    public void Fail(Exception reason)
    {
        lock (_gate)
        {
            _inbox.ForEach(m => m.Handled?.TrySetException(reason));
        }

        foreach (TaskCompletionSource waiter in (TaskCompletionSource[])[Started, Ended])
        {
            if (waiter.TrySetException(reason))
            {
                _ = waiter.Task.Exception;
            }
        }
    }

    private bool TryQueue()
    {
        if (_state is not State.Waiting || !_released || _inbox.Count == 0)
        {
            return false;
        }

        _state = State.Queued;
        return true;
    }

    private List<InboxMessage> BeginTurn()
    {
        _state = State.InTurn;
        List<InboxMessage> taken = _inbox;
        _inbox = [];
        return taken;
    }
}
