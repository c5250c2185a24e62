namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A clock that runs faster than the machine's, and can skip what nobody needs to wait for.</summary>
internal sealed class FastClock(int factor) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _stamp = System.GetTimestamp();
    private readonly HashSet<FastTimer> _timers = [];
    private TimeSpan _skipped;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + (System.GetElapsedTime(_stamp) * factor) + _skipped;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FastTimer timer = new(this, System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes forward to a time, unless it is past. Timers that are due by then fire.</summary>
    public void SkipTo(DateTimeOffset time)
    {
        DateTimeOffset before = GetUtcNow();
        if (time <= before)
        {
            return;
        }

        FastTimer[] pending;
        lock (_gate)
        {
            _skipped += time - before;
            pending = [.. _timers.Where(t => t.Due > before)];
        }

        foreach (FastTimer timer in pending)
        {
            timer.Reset(time);
        }
    }

    private TimeSpan Scale(TimeSpan time) => time <= TimeSpan.Zero ? time : time / factor;

    private sealed class FastTimer(FastClock clock, ITimer inner) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DateTimeOffset now = clock.GetUtcNow();
            lock (clock._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MinValue : now + dueTime;
                _period = period;
                clock._timers.Add(this);
                return inner.Change(clock.Scale(dueTime), clock.Scale(period));
            }
        }

        public void Reset(DateTimeOffset now)
        {
            TimeSpan left = Due - now;
            inner.Change(left > TimeSpan.Zero ? clock.Scale(left) : TimeSpan.Zero, clock.Scale(_period));
        }

        public void Dispose()
        {
            Remove();
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Remove();
            return inner.DisposeAsync();
        }

        private void Remove()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }
    }
}
