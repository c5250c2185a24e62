using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Scheduling;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>
/// Takes up what a host before this one left unfinished: activities without a result run (again), timers are set, what was not delivered is delivered.
/// Orchestrators are replayed only when something happens to them.
/// </summary>
internal sealed class Recovery(EngineCore core, StoredWork stored)
{
    private readonly Dictionary<long, Instance> _byKey = [];
    private readonly List<(Instance Instance, InstanceMessage Message)> _mail = [];
    private readonly List<ActivityWork> _activities = [];

    /// <summary>How many instances go on.</summary>
    public int Run()
    {
        foreach (StoredInstance found in stored.Unfinished())
        {
            TakeUp(found);
        }

        List<long> orphans = [];
        foreach (InboxRow row in stored.Inbox())
        {
            if (_byKey.TryGetValue(row.Key, out Instance? receiver))
            {
                _mail.Add((receiver, new InstanceMessage(row.Event, row.Generation) { InboxSequence = row.Sequence }));
            }
            else
            {
                orphans.Add(row.Sequence);
            }
        }

        stored.ForgetInbox(orphans);
        foreach ((Instance instance, InstanceMessage message) in _mail)
        {
            core.Tell(instance, message);
        }

        foreach (ActivityWork activity in _activities)
        {
            core.Activities.Enqueue(activity);
        }

        return _byKey.Count;
    }

    private void TakeUp(StoredInstance found)
    {
        Instance instance = new(found.Record)
        {
            Turns = found.Turns,
            ReportedStatus = found.Record.Status,
            FirstInput = found.Turns == 0 ? found.Record.Input : null,
        };
        if (found.Record.Status is not Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Pending)
        {
            instance.SignalStarted();
        }

        _byKey.Add(instance.Key, instance);
        core.TryAdd(instance);
        bool started = false;
        Dictionary<int, HistoryEvent> open = [];
        foreach (HistoryEvent step in found.History)
        {
            started |= step.Kind is HistoryEventKind.ExecutionStarted;
            Follow(instance, step, open);
        }

        if (!started)
        {
            Begin(instance, found.Record.StartAt);
        }

        bool parked = core.Options.VersionFailureStrategy is VersionFailureStrategy.Reject && VersionMatch.Mismatch(core.Options, instance.Version) is not null;
        foreach (HistoryEvent action in parked ? [] : open.Values.AsEnumerable())
        {
            GoOn(instance, action);
        }
    }

    private static void Follow(Instance instance, HistoryEvent step, Dictionary<int, HistoryEvent> open)
    {
        switch (step.Kind)
        {
            case HistoryEventKind.TurnStarted:
                instance.LastTurn = step.Time;
                break;
            case HistoryEventKind.TaskScheduled or HistoryEventKind.TimerCreated:
                open.Add(step.TaskId, step);
                break;
            case HistoryEventKind.TaskCompleted or HistoryEventKind.TaskFailed or HistoryEventKind.TimerFired or HistoryEventKind.TimerCancelled:
                open.Remove(step.TaskId);
                break;
        }
    }

    private void Begin(Instance instance, DateTime? startAt)
    {
        if (startAt is { } time && instance.Generation == 0)
        {
            instance.StartTimer = core.Timers.Add(time, instance, EngineCore.StartMessage);
        }
        else
        {
            _mail.Add((instance, EngineCore.StartMessage));
        }
    }

    private void GoOn(Instance instance, HistoryEvent action)
    {
        if (action.Kind is HistoryEventKind.TaskScheduled)
        {
            _activities.Add(new ActivityWork(instance, instance.Generation, action));
            return;
        }

        // Where the clock has gone back behind the instance's time, the timer waits as long as it was asked to, not until the clock has caught up.
        TimeSpan skew = instance.LastTurn - core.Clock.GetUtcNow().UtcDateTime;
        DateTime dueAt = skew > TimeSpan.Zero ? action.Time - skew : action.Time;
        InstanceMessage fired = new(new HistoryEvent(HistoryEventKind.TimerFired) { TaskId = action.TaskId }, instance.Generation);
        instance.Timers.Add(action.TaskId, core.Timers.Add(dueAt, instance, fired));
    }
}
