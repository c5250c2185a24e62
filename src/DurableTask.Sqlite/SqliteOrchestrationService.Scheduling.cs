using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Runtime;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite;

// Scheduling: starts the instances, activities and timers that are due after a committed turn.
public sealed partial class SqliteOrchestrationService
{
    /// <summary>Lets a committed turn take effect. Runs on the writer thread.</summary>
    private void OnCommitted(Turn turn)
    {
        Instance instance = turn.Instance;
        bool ended = turn.Status.IsTerminal();
        turn.ApplyToInstance(keepHistory: !ended && _unfinished <= _options.MaxCachedHistories);
        if (ended)
        {
            // Before the parent is notified, because its retry may start the same id at once.
            _active.TryRemove(new KeyValuePair<string, Instance>(instance.Id, instance));
            _timers.RemoveAll(instance);
            _unfinished--;
        }

        turn.Children.ForEach(OnStartCommitted);
        turn.Messages.ForEach(m => Deliver(m.Target, m.Message));
        turn.Activities.ForEach(message => Schedule(instance, message));
        turn.Timers.ForEach(timer => Schedule(instance, timer, turn.Time));
        turn.Inbox.ForEach(m => m.Handled?.TrySetResult());
        if (ended)
        {
            instance.End();
        }
        else if (instance.EndTurn())
        {
            Enqueue(instance);
        }

        Interlocked.Decrement(ref _busy);
    }

    private void OnStartCommitted(Instance instance)
    {
        _unfinished++;
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
        Interlocked.Increment(ref _busy);
        _ready.Enqueue(instance, deferred);
    }

    private void Deliver(Instance instance, InboxMessage message)
    {
        if (instance.Post(message))
        {
            Enqueue(instance);
        }
        else if (instance.LastRow == 0)
        {
            // A new instance may be held back, but not once it has a message: the sender must not wait.
            _ready.Enqueue(instance);
        }
    }

    private void OnTimerDue(TimerEntry timer)
    {
        if (timer.Message is { } message)
        {
            message.Message.Event.Timestamp = Now;
            Deliver(timer.Instance, message);
        }
        else
        {
            Begin(timer.Instance);
        }
    }

    private void Schedule(Instance instance, TaskMessage activity)
    {
        Interlocked.Increment(ref _busy);
        _activities.Enqueue(new ActivityRun(instance, activity));
    }

    /// <summary>Sets a timer by how long it was to wait when it was created, so that a clock set back does not delay it.</summary>
    private void Schedule(Instance instance, TimerFiredEvent timer, DateTime createdAt)
    {
        DateTime now = Now;
        TimeSpan wait = timer.FireAt > createdAt ? timer.FireAt - createdAt : TimeSpan.Zero;
        DateTime latest = wait < DateTime.MaxValue - now ? now + wait : DateTime.MaxValue;
        TaskMessage message = new() { OrchestrationInstance = instance.Start.OrchestrationInstance, Event = timer };
        _timers.Add(timer.FireAt <= latest ? timer.FireAt : latest, instance, new InboxMessage(message));
    }

    private void Abandon(Instance instance, List<InboxMessage> inbox)
    {
        instance.AbandonTurn(inbox);
        if (instance.AbandonedTurns == 1)
        {
            Log.TurnAbandoned(_logger, instance.Id);
        }

        _ = RetryTurnAsync(instance);
        Interlocked.Decrement(ref _busy);
    }

    private async Task RetryTurnAsync(Instance instance)
    {
        await DelayAsync(Math.Min(Math.Pow(2, instance.AbandonedTurns - 1), LongestRetrySeconds));
        if (!_stopping.IsCancellationRequested && instance.Release())
        {
            Enqueue(instance);
        }
    }

    /// <summary>Waits for some seconds, or until the hub stops.</summary>
    private async Task DelayAsync(double seconds) =>
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
