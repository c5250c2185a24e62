namespace SiteMonitor.Sandbox;

/// <summary>A clock that runs with the system clock and can be advanced; due timers then fire in order. It never goes back.</summary>
public sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly long _stamp = System.GetTimestamp();
    private readonly HashSet<SimulatedTimer> _timers = [];
    private TimeSpan _advanced;

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return System.GetElapsedTime(_stamp) + _advanced;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How far it has been advanced.</summary>
    public TimeSpan Advanced
    {
        get
        {
            lock (_gate)
            {
                return _advanced;
            }
        }
    }

    /// <summary>Advances the clock.</summary>
    public void Advance(TimeSpan span)
    {
        SimulatedTimer[] timers;
        lock (_gate)
        {
            _advanced += span;
            timers = [.. _timers];
        }

        foreach (SimulatedTimer timer in timers.OrderBy(t => t.Due))
        {
            timer.Reset();
        }
    }

    /// <summary>A system timer that is set again whenever the clock is advanced.</summary>
    private sealed class SimulatedTimer : ITimer
    {
        private readonly SimulatedClock _clock;
        private readonly ITimer _timer;
        private TimeSpan _period;

        public SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    OnFired();
                    callback(state);
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan
                    ? TimeSpan.MaxValue
                    : System.GetElapsedTime(_clock._stamp) + _clock._advanced + dueTime;
                TrackDueTime();
            }

            Reset();
            return true;
        }

        public void Reset()
        {
            TimeSpan left;
            lock (_clock._gate)
            {
                if (Due == TimeSpan.MaxValue)
                {
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return;
                }

                left = Due - (System.GetElapsedTime(_clock._stamp) + _clock._advanced);
            }

            _timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_clock._gate)
            {
                Due = TimeSpan.MaxValue;
                _clock._timers.Remove(this);
            }

            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void OnFired()
        {
            lock (_clock._gate)
            {
                bool repeats = _period > TimeSpan.Zero;
                Due = repeats ? System.GetElapsedTime(_clock._stamp) + _clock._advanced + _period : TimeSpan.MaxValue;
                TrackDueTime();
            }

            if (_period > TimeSpan.Zero)
            {
                Reset();
            }
        }

        private void TrackDueTime()
        {
            if (Due == TimeSpan.MaxValue)
            {
                _clock._timers.Remove(this);
            }
            else
            {
                _clock._timers.Add(this);
            }
        }
    }
}
