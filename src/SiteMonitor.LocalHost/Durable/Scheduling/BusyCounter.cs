namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>Counts the work in hand (turns, activities, commits), so that a simulated clock knows when nothing happens but waiting.</summary>
internal sealed class BusyCounter
{
    private readonly Lock _gate = new();
    private long _count;
    private TaskCompletionSource? _waiters;

    public bool IsIdle => Interlocked.Read(ref _count) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Take()?.SetResult();
        }
    }

    /// <summary>Completes the next time the count falls to zero; at once when it is.</summary>
    public Task WhenIdleAsync(CancellationToken cancellation)
    {
        Task waiting;
        lock (_gate)
        {
            waiting = (_waiters ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        // The count may have fallen before there was anybody to tell.
        if (IsIdle)
        {
            Take()?.SetResult();
        }

        return waiting.WaitAsync(cancellation);
    }

    private TaskCompletionSource? Take()
    {
        lock (_gate)
        {
            TaskCompletionSource? waiters = _waiters;
            _waiters = null;
            return waiters;
        }
    }
}
