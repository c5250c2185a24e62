using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Runtime;

/// <summary>The outcome of a turn: what it adds to the history, what it asks for, and how it is stored.</summary>
internal sealed class Turn
{
    private readonly OrchestrationRuntimeState _state;
    private readonly List<HistoryEvent> _events;
    private readonly long _row;

    /// <summary>Whether the orchestrator continued as new: the history before this turn is dropped.</summary>
    private readonly bool _isNewExecution;

    /// <param name="scheduled">The activities it scheduled. The framework's history leaves out their inputs, which a restart needs.</param>
    public Turn(TurnWorkItem item, OrchestrationRuntimeState state, IList<TaskMessage> scheduled)
    {
        (Instance, Inbox, _state, Time, Status) = (item.Instance, item.Inbox, state, item.Instance.Time, state.OrchestrationStatus);
        _isNewExecution = state.OrchestrationInstance?.ExecutionId != Instance.Start.OrchestrationInstance.ExecutionId;
        _row = _isNewExecution ? 1 : Instance.LastRow + 1;
        if (_row >= InstanceStore.RowsPerInstance)
        {
            throw new InvalidOperationException(
                $"Instance '{Instance.Id}' has had {_row:N0} turns; an eternal orchestration must continue as new.");
        }

        // A new execution begins with this turn, so all its events are new to the database.
        _events = [.. _isNewExecution ? state.Events : state.NewEvents];
        Dictionary<int, HistoryEvent> withInput = scheduled.ToDictionary(m => m.Event.EventId, m => m.Event);
        for (int n = 0; n < _events.Count; n++)
        {
            HistoryEvent step = _events[n];
            if (step is TaskScheduledEvent)
            {
                _events[n] = step = withInput.GetValueOrDefault(step.EventId, step);
            }

            if (IsCreatedByTurn(step) || (_isNewExecution && step is ExecutionStartedEvent))
            {
                step.Timestamp = Time;
            }
        }
    }

    public Instance Instance { get; }
    public List<InboxMessage> Inbox { get; }
    public OrchestrationStatus Status { get; }

    /// <summary>The time of the turn and of the events that it created.</summary>
    public DateTime Time { get; }

    public List<TaskMessage> Activities { get; } = [];
    public List<TimerFiredEvent> Timers { get; } = [];
    public List<Instance> Children { get; } = [];
    public List<(Instance Target, InboxMessage Message)> Messages { get; } = [];

    public void Store(SqliteDatabase database)
    {
        if (_isNewExecution)
        {
            database.DeleteHistory(Instance.Key);
            database.Append(Instance.Key, 0, EventWriter.Encode(_state.ExecutionStartedEvent!));
        }
        else if (_row == 1 && _state.ExecutionStartedEvent is { ParentTraceContext.SpanId: not null } start)
        {
            // The first turn gave the orchestration's span its id, which a restart must go on with.
            database.ReplaceStart(Instance.Key, EventWriter.Encode(start));
        }

        database.Append(Instance.Key, _row, EventWriter.Encode(_events));
        database.Update(Instance.Key, _state, Time);
        foreach (InboxMessage message in Inbox.Where(m => m.Sequence > 0))
        {
            database.Receive(message.Sequence);
        }

        Children.ForEach(child => database.Insert(child.Key, child.Start));
        Messages.ForEach(m => database.Send(m.Message.Sequence, m.Target.Key, m.Message.Message));
        if (Status.IsTerminal())
        {
            database.DeleteInbox(Instance.Key);
        }
    }

    /// <summary>Applies the committed turn to the instance in memory.</summary>
    public void ApplyToInstance(bool keepHistory)
    {
        List<HistoryEvent>? history = !keepHistory ? null : _isNewExecution ? [] : Instance.History ?? [.. _state.PastEvents];
        history?.AddRange(_events);
        Instance.History = history;
        Instance.Start = _state.ExecutionStartedEvent!;
        Instance.LastRow = _row;
        Instance.Status = Status;
        Instance.CustomStatus = _state.Status;
        Instance.AbandonedTurns = 0;
    }

    private static bool IsCreatedByTurn(HistoryEvent step) => step.EventType
        is EventType.TaskScheduled or EventType.TimerCreated or EventType.SubOrchestrationInstanceCreated or EventType.EventSent
        or EventType.ExecutionCompleted or EventType.OrchestratorCompleted;
}
