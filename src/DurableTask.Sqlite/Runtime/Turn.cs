using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Runtime;

/// <summary>The outcome of a turn: what it adds to the history, what it asks for, and how it is stored.</summary>
internal sealed class Turn
{
    private readonly string? _output;
    private readonly long _row;

    /// <param name="time">The time of the turn, for the events that it created.</param>
    /// <param name="scheduled">The activities it scheduled, with their inputs.</param>
    public Turn(TurnWorkItem item, OrchestrationRuntimeState state, DateTime time, IList<TaskMessage> scheduled)
    {
        Instance = item.Instance;
        Inbox = item.Inbox;
        State = state;
        Time = time;
        IsNewExecution = state.OrchestrationInstance?.ExecutionId != Instance.ExecutionId;
        Status = state.OrchestrationStatus;
        _output = state.Output;
        _row = IsNewExecution ? 1 : Instance.LastRow + 1;

        if (_row >= Schema.RowsPerInstance)
        {
            throw new InvalidOperationException(
                $"Instance '{Instance.Id}' has had {_row:N0} turns; an eternal orchestration must continue as new.");
        }

        // A new execution begins with this turn, so all its events are new to the database.
        Events = [.. IsNewExecution ? state.Events : state.NewEvents];
        if (IsNewExecution)
        {
            state.ExecutionStartedEvent!.Timestamp = time;
        }

        RestoreInputs(scheduled);
        foreach (HistoryEvent step in Events.Where(IsCreatedByTurn))
        {
            step.Timestamp = time;
        }
    }

    public Instance Instance { get; }

    public List<InboxMessage> Inbox { get; }

    public OrchestrationRuntimeState State { get; }

    public DateTime Time { get; }

    public OrchestrationStatus Status { get; }

    /// <summary>Whether the orchestrator continued as new: the history before this turn is dropped.</summary>
    public bool IsNewExecution { get; }

    public List<HistoryEvent> Events { get; }

    public List<TaskMessage> Activities { get; } = [];

    public List<TimerFiredEvent> Timers { get; } = [];

    public List<Instance> Children { get; } = [];

    public List<(Instance Target, InboxMessage Message)> Messages { get; } = [];

    public void Store(InstanceStore store)
    {
        if (IsNewExecution)
        {
            store.Renew(Instance.Key, State.ExecutionStartedEvent!);
        }

        store.Append(Instance.Key, _row, Events);
        store.Update(Instance.Key, State.OrchestrationInstance!.ExecutionId, Status, Time, _output, State.Status);
        foreach (InboxMessage message in Inbox.Where(m => m.Sequence > 0))
        {
            store.Receive(message.Sequence);
        }

        foreach (Instance child in Children)
        {
            store.Insert(child.Key, child.Start);
        }

        foreach ((Instance target, InboxMessage message) in Messages)
        {
            store.Send(message.Sequence, target.Key, message.Message.OrchestrationInstance.ExecutionId, message.Message.Event);
        }

        if (Status.IsTerminal())
        {
            store.DeleteInbox(Instance.Key);
        }
    }

    /// <summary>Applies the committed turn to the instance in memory.</summary>
    public void ApplyToInstance(bool keepHistory)
    {
        List<HistoryEvent> history = IsNewExecution ? [] : Instance.History ?? [.. State.PastEvents];
        history.AddRange(Events);
        Instance.History = keepHistory ? history : null;
        Instance.Start = State.ExecutionStartedEvent!;
        Instance.LastRow = _row;
        Instance.Status = Status;
        Instance.CustomStatus = State.Status;
        Instance.AbandonedTurns = 0;
    }

    private static bool IsCreatedByTurn(HistoryEvent step) => step.EventType
        is EventType.TaskScheduled or EventType.TimerCreated or EventType.SubOrchestrationInstanceCreated or EventType.EventSent
        or EventType.ExecutionCompleted or EventType.OrchestratorCompleted;

    /// <summary>The framework's history leaves out the inputs of activities, but a restart must be able to run them.</summary>
    private void RestoreInputs(IList<TaskMessage> scheduled)
    {
        if (scheduled.Count == 0)
        {
            return;
        }

        Dictionary<int, HistoryEvent> complete = [];
        foreach (TaskMessage message in scheduled)
        {
            complete[message.Event.EventId] = message.Event;
        }

        for (int n = 0; n < Events.Count; n++)
        {
            if (Events[n] is TaskScheduledEvent { Input: null } step && complete.TryGetValue(step.EventId, out HistoryEvent? withInput))
            {
                Events[n] = withInput;
            }
        }
    }
}
