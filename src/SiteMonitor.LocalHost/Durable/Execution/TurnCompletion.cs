using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Scheduling;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>Carries out what a turn led to: one write for all of it, then whatever follows from it in memory.</summary>
internal sealed class TurnCompletion(EngineCore core, Instance instance, TurnOutcome outcome, DateTime now)
{
    private readonly List<(Instance Receiver, InstanceMessage Message)> _letters = [];

    public void Write(List<HistoryEvent> events, IReadOnlyList<InstanceMessage> mail)
    {
        int generation = instance.Generation;
        events.AddRange(outcome.Actions);
        if (outcome.Renewal is { } renewal)
        {
            Renew(renewal);
            events = [.. renewal.Carried];
        }

        TurnWrite write = new(core, instance, outcome)
        {
            Turn = instance.Turns,
            Generation = instance.Generation,
            Version = instance.Version,
            Time = now,
            Events = events,
            Handled = [.. mail.Where(m => m.Handled is not null).Select(m => m.Handled!)],
            Received = [.. mail.Where(m => m.InboxSequence > 0).Select(m => m.InboxSequence)],
        };
        foreach (HistoryEvent action in outcome.Actions)
        {
            Prepare(action, write, generation);
        }

        instance.Turns += events.Count > 0 ? 1 : 0;
        instance.FirstInput = outcome.Renewal?.Input;
        if (InstanceRecord.IsTerminalStatus(outcome.Status))
        {
            End(write);
        }

        instance.WriteQueued();
        core.Busy.Enter();
        core.Writer.Enqueue(write);

        // Only now may the id be taken by another: its row must come after this write.
        instance.Status = outcome.Status;
        foreach ((Instance receiver, InstanceMessage message) in _letters)
        {
            core.Tell(receiver, message);
        }
    }

    private void Prepare(HistoryEvent action, TurnWrite write, int generation)
    {
        switch (action.Kind)
        {
            case HistoryEventKind.TaskScheduled:
                write.Activities.Add(new ActivityWork(instance, generation, action));
                break;
            case HistoryEventKind.TimerCreated:
                InstanceMessage fired = new(new HistoryEvent(HistoryEventKind.TimerFired) { TaskId = action.TaskId }, generation);
                instance.Timers.Add(action.TaskId, core.Timers.Add(action.Time - Skew(), instance, fired));
                break;
            case HistoryEventKind.TimerCancelled when instance.Timers.Remove(action.TaskId, out TimerEntry? timer):
                core.Timers.Remove(timer);
                break;
            case HistoryEventKind.SubOrchestrationScheduled:
                StartChild(action, write);
                break;
            case HistoryEventKind.EventSent when core.Find(action.InstanceId!) is { } receiver:
                Send(receiver, -1, new HistoryEvent(HistoryEventKind.EventRaised) { Name = action.Name, Payload = action.Payload }, write);
                break;
        }
    }

    /// <summary>How far the clock has gone back behind the instance's time: its timers wait as long as it asked for, not until the clock has caught up.</summary>
    private TimeSpan Skew()
    {
        TimeSpan skew = now - core.Clock.GetUtcNow().UtcDateTime;
        return skew > TimeSpan.Zero ? skew : TimeSpan.Zero;
    }

    private void StartChild(HistoryEvent action, TurnWrite write)
    {
        InstanceParent parent = new(instance.Key, instance.Generation, action.TaskId, instance.Id, instance.Name);
        InstanceRecord record = new(core.NextKey(), action.InstanceId!, action.Name!, action.Version ?? string.Empty, 0, now)
        {
            Parent = parent,
            Tags = action.Tags,
            Input = action.Payload,
        };
        Instance child = new(record);
        if (core.TryAddOrReplaceEnded(child))
        {
            child.WriteQueued();
            write.Children.Add((record, child));
            _letters.Add((child, EngineCore.StartMessage));
            return;
        }

        Failure failure = new(
            typeof(DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException).FullName!,
            $"An orchestration with instance ID '{action.InstanceId}' is running already.",
            null,
            null);
        Send(instance, instance.Generation, new HistoryEvent(HistoryEventKind.SubOrchestrationFailed) { TaskId = action.TaskId, Failure = failure }, write);
    }

    private void Send(Instance receiver, int generation, HistoryEvent step, TurnWrite write)
    {
        InboxRow row = new(core.NextInboxSequence(), receiver.Key, generation, step);
        write.Sent.Add(row);
        _letters.Add((receiver, new InstanceMessage(step, generation) { InboxSequence = row.Sequence }));
    }

    /// <summary>The next generation has its own execution, which already knows the events carried over.</summary>
    private void Renew(Renewal renewal)
    {
        CancelTimers();
        instance.Generation++;
        instance.Turns = 0;
        instance.Version = renewal.Version ?? instance.Version;
        instance.Execution = core.NewExecution(instance, renewal.Input);
        foreach (HistoryEvent carried in renewal.Carried)
        {
            instance.Execution.Handle(carried);
        }

        _letters.Add((instance, EngineCore.StartMessage));
    }

    private void End(TurnWrite write)
    {
        CancelTimers();
        instance.Execution = null;
        core.Live.Remove(instance);
        if (instance.Parent is not { } parent || core.Find(parent.Id) is not { } awaiting || awaiting.Key != parent.Key)
        {
            return;
        }

        HistoryEvent told = outcome.Status is OrchestrationRuntimeStatus.Completed
            ? new HistoryEvent(HistoryEventKind.SubOrchestrationCompleted) { TaskId = parent.TaskId, Payload = outcome.Output }
            : new HistoryEvent(HistoryEventKind.SubOrchestrationFailed)
            {
                TaskId = parent.TaskId,
                Failure = outcome.Failure ?? new Failure(Failure.Unknown, outcome.Output ?? "The sub-orchestration was terminated.", null, null),
            };
        Send(awaiting, parent.Generation, told, write);
    }

    private void CancelTimers()
    {
        if (instance.StartTimer is { } start)
        {
            core.Timers.Remove(start);
        }

        foreach (TimerEntry timer in instance.Timers.Values)
        {
            core.Timers.Remove(timer);
        }

        instance.Timers.Clear();
    }
}
