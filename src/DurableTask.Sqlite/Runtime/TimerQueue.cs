namespace DurableTask.Sqlite.Runtime;

/// <summary>A durable timer, or the delayed start of an instance.</summary>
/// <param name="Order">Orders timers that are due at the same instant: the first created fires first.</param>
/// <param name="Message">The message that it sends; null for the start.</param>
internal sealed record TimerEntry(DateTime DueAt, long Order, Instance Instance, InboxMessage? Message);

/// <summary>All timers of all instances over one timer of the clock, which is armed for the earliest of them only.</summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>
    /// Bounds how late timers are after the clock was set or the machine slept, and keeps waits within what .NET timers can do.
    /// </summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<TimerEntry> _timers = new(Comparer<TimerEntry>.Create(
        (one, other) => (one.DueAt, one.Order).CompareTo((other.DueAt, other.Order))));

    private readonly TimeProvider _clock;
    private readonly Action<TimerEntry> _fire;
    private readonly ITimer _timer;
    private long _order;

    /// <param name="fire">Called for each timer that is due, in the order of their times.</param>
    public TimerQueue(TimeProvider clock, Action<TimerEntry> fire)
    {
        (_clock, _fire) = (clock, fire);
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the earliest timer is due; null without any.</summary>
    public DateTime? Next
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min?.DueAt;
            }
        }
    }

    public void Add(DateTime dueAt, Instance instance, InboxMessage? message)
    {
        lock (_gate)
        {
            TimerEntry entry = new(dueAt, ++_order, instance, message);
            instance.Timers.Add(entry);
            _timers.Add(entry);
            if (_timers.Min == entry)
            {
                ArmFor(dueAt);
            }
        }
    }

    /// <summary>Drops the timers of an instance.</summary>
    public void RemoveAll(Instance instance)
    {
        lock (_gate)
        {
            _timers.ExceptWith(instance.Timers);
            instance.Timers.Clear();
        }
    }

    /// <summary>Stops the clock's timer; a tick that is already running still fires what is due.</summary>
    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            DateTime now = _clock.GetUtcNow().UtcDateTime;
            while (_timers.Min is { } first)
            {
                if (first.DueAt > now)
                {
                    ArmFor(first.DueAt);
                    return;
                }

                _timers.Remove(first);
                first.Instance.Timers.Remove(first);
                _fire(first);
            }
        }
    }

    private void ArmFor(DateTime dueAt)
    {
        TimeSpan wait = dueAt - _clock.GetUtcNow().UtcDateTime;
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestWait ? wait : s_longestWait;

        // The system's timers cut to whole milliseconds, and one that ticks too early would only be armed again.
        bool isSystem = _clock == TimeProvider.System;
        _timer.Change(isSystem ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : wait, Timeout.InfiniteTimeSpan);
    }
}
