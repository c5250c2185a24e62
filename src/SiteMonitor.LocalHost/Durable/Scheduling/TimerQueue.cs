using SiteMonitor.LocalHost.Durable.Execution;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>All timers of all instances over one timer of the clock, which is armed for the earliest of them only.</summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>A clock that is set forwards, or a machine that slept, makes timers late by this much at most; it also keeps far timers within what .NET's can do.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<TimerEntry> _timers = [];
    private readonly TimeProvider _clock;
    private readonly Action<Instance, InstanceMessage> _fire;
    private readonly ITimer _timer;
    private DateTime _armedFor = DateTime.MaxValue;
    private long _order;
    private bool _running;

    public TimerQueue(TimeProvider clock, Action<Instance, InstanceMessage> fire)
    {
        _clock = clock;
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

    /// <summary>Fires nothing before; what was added is not lost.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _running = true;
            Arm();
        }
    }

    public TimerEntry Add(DateTime dueAt, Instance instance, InstanceMessage message)
    {
        lock (_gate)
        {
            TimerEntry entry = new(dueAt, ++_order, instance, message);
            _timers.Add(entry);
            Arm();
            return entry;
        }
    }

    public void Remove(TimerEntry entry)
    {
        lock (_gate)
        {
            _timers.Remove(entry);
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
        lock (_gate)
        {
            _armedFor = DateTime.MaxValue;
            DateTime now = _clock.GetUtcNow().UtcDateTime;
            while (_running && _timers.Min is { } first && first.DueAt <= now)
            {
                _timers.Remove(first);
                due.Add(first);
            }

            Arm();
        }

        foreach (TimerEntry entry in due)
        {
            _fire(entry.Instance, entry.Message);
        }
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

        // The system's timers cut to whole milliseconds, and one that ticks too early would only be armed again. A simulated clock is exact.
        bool exact = _clock != TimeProvider.System;
        _timer.Change(exact ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
