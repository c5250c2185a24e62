namespace DurableTask.Sqlite.Runtime;

/// <summary>
/// Counts work in hand (turns, activities, writes), so that a simulated clock knows when nothing but time can change anything.
/// </summary>
internal sealed class BusyCounter
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _idle;

    public bool IsIdle => Volatile.Read(ref _count) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            TakeWaiters()?.SetResult();
        }
    }

    /// <summary>Completes when the count is zero.</summary>
    public Task WhenIdleAsync(CancellationToken cancellation)
    {
        Task idle;
        lock (_gate)
        {
            idle = (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        // The count may have fallen before the waiter was registered.
        if (IsIdle)
        {
            TakeWaiters()?.SetResult();
        }

        return idle.WaitAsync(cancellation);
    }

    private TaskCompletionSource? TakeWaiters()
    {
        lock (_gate)
        {
            TaskCompletionSource? waiters = _idle;
            _idle = null;
            return waiters;
        }
    }
}
