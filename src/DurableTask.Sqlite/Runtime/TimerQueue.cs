namespace DurableTask.Sqlite.Runtime;

/// <summary>A durable timer, or the delayed start of an instance.</summary>
/// <param name="Order">Orders timers that are due at the same instant: the first created fires first.</param>
/// <param name="Message">The message that it sends; null for the start.</param>
internal sealed record TimerEntry(DateTime DueAt, long Order, Instance Instance, InboxMessage? Message) : IComparable<TimerEntry>
{
    public int CompareTo(TimerEntry? other) =>
        other is null ? 1 : DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : Order.CompareTo(other.Order);

    public bool Equals(TimerEntry? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Order.GetHashCode();
}

/// <summary>All timers of all instances over one timer of the clock, which is armed for the earliest of them only.</summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>
    /// Bounds how late timers are after the clock was set or the machine slept, and keeps waits within what .NET timers can do.
    /// </summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<TimerEntry> _timers = [];
    private readonly TimeProvider _clock;
    private readonly BusyCounter _busy;
    private readonly Action<TimerEntry> _fire;
    private readonly ITimer _timer;
    private DateTime _armedFor = DateTime.MaxValue;
    private long _order;
    private bool _running;

    public TimerQueue(TimeProvider clock, BusyCounter busy, Action<TimerEntry> fire)
    {
        _clock = clock;
        _busy = busy;
        _fire = fire;
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

    public bool IsDue => Next is { } next && next <= _clock.GetUtcNow().UtcDateTime;

    /// <summary>Begins to fire timers; those added before are kept.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _running = true;
            Arm();
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
        if (instance.Timers.Count > 0)
        {
            lock (_gate)
            {
                _timers.ExceptWith(instance.Timers);
                instance.Timers.Clear();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _running = false;
        }

        _timer.Dispose();
    }

    private void Tick()
    {
        List<TimerEntry> due = [];
        _busy.Enter();
        lock (_gate)
        {
            _armedFor = DateTime.MaxValue;
            DateTime now = _clock.GetUtcNow().UtcDateTime;
            while (_running && _timers.Min is { } first && first.DueAt <= now)
            {
                _timers.Remove(first);
                first.Instance.Timers.Remove(first);
                due.Add(first);
            }

            Arm();
        }

        due.ForEach(_fire);
        _busy.Exit();
    }

    private void Arm()
    {
        if (!_running || _timers.Min is not { } first || first.DueAt >= _armedFor)
        {
            return;
        }

        TimeSpan wait = first.DueAt - _clock.GetUtcNow().UtcDateTime;
        _armedFor = first.DueAt;
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestWait ? wait : s_longestWait;

        // The system's timers cut to whole milliseconds, and one that ticks too early would only be armed again. A simulated clock is
        // exact.
        bool exact = _clock != TimeProvider.System;
        _timer.Change(exact ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
