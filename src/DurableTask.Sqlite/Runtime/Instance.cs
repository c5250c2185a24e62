using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Runtime;

/// <summary>A message for an instance that is not part of its history yet.</summary>
/// <param name="Sequence">Its row in the inbox; 0 when the history implies it (results of activities, timers, the start).</param>
internal sealed record InboxMessage(TaskMessage Message, long Sequence = 0)
{
    /// <summary>Completes when the turn that took the message is committed, or the instance has ended.</summary>
    public TaskCompletionSource? Handled { get; init; }
}

/// <summary>
/// An unfinished instance in memory: its messages, its history while that is cached, and who waits for it.
/// It takes turns from <see cref="Release"/> on, one at a time: queued for a turn, or in a turn until that is committed.
/// </summary>
internal sealed class Instance
{
    private readonly Lock _gate = new();
    private List<InboxMessage> _inbox = [];
    private State _state = State.Held;

    /// <summary>A new instance, whose first message is its start.</summary>
    public Instance(long key, ExecutionStartedEvent start)
        : this(key, start, lastRow: 0) =>
        _inbox.Add(new InboxMessage(new TaskMessage { OrchestrationInstance = start.OrchestrationInstance, Event = start }));

    /// <summary>An instance that has begun.</summary>
    public Instance(long key, ExecutionStartedEvent start, long lastRow) =>
        (Key, Id, Start, LastRow) = (key, start.OrchestrationInstance.InstanceId, start, lastRow);

    private enum State
    {
        /// <summary>Not processed until <see cref="Release"/> is called.</summary>
        Held,
        Waiting,
        Queued,
        InTurn,
        Ended,
    }

    public long Key { get; }

    public string Id { get; }

    /// <summary>The start event of the current execution.</summary>
    public ExecutionStartedEvent Start { get; set; }

    /// <summary>The committed history; null when it must be read from the database.</summary>
    public List<HistoryEvent>? History { get; set; }

    /// <summary>The last row of its history; 0 before its first turn.</summary>
    public long LastRow { get; set; }

    /// <summary>The committed status.</summary>
    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public string? CustomStatus { get; set; }

    /// <summary>The time of its last turn. An orchestrator's time never goes back, also when the clock does.</summary>
    public DateTime Time { get; set; }

    /// <summary>Its turns in a row that were abandoned, for instance because its version does not match the worker's.</summary>
    public int AbandonedTurns { get; set; }

    /// <summary>Whether its start is committed and its first turn is not. Needs no lock: either answer was true a moment ago.</summary>
    public bool IsBeforeFirstTurn => LastRow == 0 && _state is not State.Held;

    /// <summary>Its timers that have not fired. Used by <see cref="TimerQueue"/> only.</summary>
    public HashSet<TimerEntry> Timers { get; } = [];

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a message. Returns true when the instance is now queued and was not before.</summary>
    public bool Post(InboxMessage message)
    {
        lock (_gate)
        {
            if (_state is State.Ended)
            {
                message.Handled?.TrySetResult();
                return false;
            }

            _inbox.Add(message);

            // Termination waits for nothing.
            return message.Message.Event is ExecutionTerminatedEvent ? Release() : TryQueue();
        }
    }

    /// <summary>Lets the instance take turns. Returns true when it is now queued.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            _state = _state is State.Held ? State.Waiting : _state;
            return TryQueue();
        }
    }

    /// <summary>Begins a turn and takes all messages; null when the instance is not queued.</summary>
    public List<InboxMessage>? TryBeginTurn()
    {
        lock (_gate)
        {
            if (_state is not State.Queued)
            {
                return null;
            }

            _state = State.InTurn;
            List<InboxMessage> taken = _inbox;
            _inbox = [];
            return taken;
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

    /// <summary>Ends a turn without effect: its messages are back in the inbox, and the next message leads to a new one.</summary>
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
            _state = State.Ended;
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

        Ended.TrySetException(reason);
    }

    private bool TryQueue()
    {
        if (_state is not State.Waiting || _inbox.Count == 0)
        {
            return false;
        }

        _state = State.Queued;
        return true;
    }
}
