namespace SiteMonitor.LocalHost.Hosting;

/// <summary>A clock that goes as the machine's and can be turned on: timers whose time has come then fire in order. It never goes back.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly long _stamp = System.GetTimestamp();
    private readonly HashSet<ScenarioTimer> _timers = [];
    private TimeSpan _turned;

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return System.GetElapsedTime(_stamp) + _turned;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ScenarioTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Turns the clock on.</summary>
    public void Advance(TimeSpan span)
    {
        ScenarioTimer[] timers;
        lock (_gate)
        {
            _turned += span;
            timers = [.. _timers];
        }

        foreach (ScenarioTimer timer in timers.OrderBy(t => t.Due))
        {
            timer.Arm();
        }
    }

    /// <summary>A machine timer that is set anew whenever the clock is turned.</summary>
    private sealed class ScenarioTimer : ITimer
    {
        private readonly SimulatedClock _clock;
        private readonly ITimer _machine;
        private TimeSpan _period;

        public ScenarioTimer(SimulatedClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _machine = System.CreateTimer(
                _ =>
                {
                    Next();
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
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : System.GetElapsedTime(_clock._stamp) + _clock._turned + dueTime;
                Keep();
            }

            Arm();
            return true;
        }

        public void Arm()
        {
            TimeSpan left;
            lock (_clock._gate)
            {
                if (Due == TimeSpan.MaxValue)
                {
                    _machine.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return;
                }

                left = Due - (System.GetElapsedTime(_clock._stamp) + _clock._turned);
            }

            _machine.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_clock._gate)
            {
                Due = TimeSpan.MaxValue;
                _clock._timers.Remove(this);
            }

            _machine.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Next()
        {
            lock (_clock._gate)
            {
                bool repeats = _period > TimeSpan.Zero;
                Due = repeats ? System.GetElapsedTime(_clock._stamp) + _clock._turned + _period : TimeSpan.MaxValue;
                Keep();
            }

            if (_period > TimeSpan.Zero)
            {
                Arm();
            }
        }

        private void Keep()
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
