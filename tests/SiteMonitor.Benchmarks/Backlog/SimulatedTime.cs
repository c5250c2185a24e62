using System.Collections.Concurrent;
using SiteMonitor.Benchmarks.Hosting;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>
/// A clock that jumps from one timer to the next, and one thread that works: time passes only when there is nothing left to do, so that a
/// busy machine changes no result.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Timer, (long Due, long Order)> _timers = new();
    private readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(() => Run(work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The same clock as a machine sees it whose clock is set wrong.</summary>
    public TimeProvider SkewedBy(TimeSpan skew) => new SkewedClock(this, skew);

    private void Run(Func<Task> work)
    {
        WorkQueue queue = new();
        SynchronizationContext.SetSynchronizationContext(queue);
        Task done = work();
        while (!done.IsCompleted)
        {
            if (!queue.RunNext())
            {
                JumpToNextTimer();
            }
        }

        done.GetAwaiter().GetResult();
    }

    private void JumpToNextTimer()
    {
        Timer? due = null;
        lock (_lock)
        {
            while (due is null && _timers.TryDequeue(out Timer? timer, out (long Due, long Order) at))
            {
                if (timer.Due == at.Due)
                {
                    _now = Math.Max(_now, at.Due);
                    due = timer;
                }
            }
        }

        due?.Fire();
    }

    private sealed class WorkQueue : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];

        /// <summary>False when nothing came for a moment: what runs elsewhere (inside the framework) comes back within microseconds.</summary>
        public bool RunNext()
        {
            for (int looks = 0; looks < 200; looks++)
            {
                if (_work.TryTake(out (SendOrPostCallback Callback, object? State) item))
                {
                    item.Callback(item.State);
                    return true;
                }

                Thread.SpinWait(50);
            }

            return false;
        }

        public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime.Ticks;
                if (Due is { } due)
                {
                    time._timers.Enqueue(this, (due, time._order++));
                }
            }

            return true;
        }

        public void Fire()
        {
            Due = null;
            callback(state);
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
