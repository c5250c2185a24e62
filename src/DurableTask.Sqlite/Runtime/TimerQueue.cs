namespace DurableTask.Sqlite.Runtime;

/// <summary>A durable timer, or the delayed start of an instance.</summary>
/// <param name="order">Orders timers that are due at the same instant: the first created fires first.</param>
/// <param name="message">The message that it sends; null for the start.</param>
internal sealed class TimerEntry(DateTime dueAt, long order, Instance instance, InboxMessage? message)
{
    public (DateTime DueAt, long Order) Position => (dueAt, order);

    public Instance Instance => instance;

    public InboxMessage? Message => message;
}

/// <summary>All timers of all instances over one timer of the clock, which is armed for the earliest of them only.</summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>
    /// Bounds how late timers are after the clock was set or the machine slept, and keeps waits within what .NET timers can do.
    /// </summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<TimerEntry> _timers =
        new(Comparer<TimerEntry>.Create((one, other) => one.Position.CompareTo(other.Position)));

    private readonly TimeProvider _clock;
    private readonly Action<TimerEntry> _fire;
    private readonly ITimer _timer;
    private DateTime _armedFor = DateTime.MaxValue;
    private long _order;
    private bool _disposed;

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
                return _timers.Min?.Position.DueAt;
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
            Arm();
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

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Tick()
    {
        lock (_gate)
        {
            _armedFor = DateTime.MaxValue;
            DateTime now = _clock.GetUtcNow().UtcDateTime;
            while (!_disposed && _timers.Min is { } first && first.Position.DueAt <= now)
            {
                _timers.Remove(first);
                first.Instance.Timers.Remove(first);
                _fire(first);
            }

            Arm();
        }
    }

    private void Arm()
    {
        if (_disposed || _timers.Min?.Position.DueAt is not { } next || next >= _armedFor)
        {
            return;
        }

        _armedFor = next;
        TimeSpan wait = next - _clock.GetUtcNow().UtcDateTime;
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestWait ? wait : s_longestWait;

        // The system's timers cut to whole milliseconds, and one that ticks too early would only be armed again.
        bool isSystem = _clock == TimeProvider.System;
        _timer.Change(isSystem ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : wait, Timeout.InfiniteTimeSpan);
    }
}
