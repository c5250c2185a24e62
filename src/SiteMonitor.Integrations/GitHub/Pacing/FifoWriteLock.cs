namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>A lock granted in the order of requests; a caller that times out or is cancelled leaves the queue.</summary>
internal sealed class FifoWriteLock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _queue = new();
    private bool _taken;

    public int WaitingCount
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    public bool TryAcquire()
    {
        lock (_lock)
        {
            return !_taken && (_taken = true);
        }
    }

    /// <returns>Whether the turn came in time.</returns>
    public async Task<bool> AcquireAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<bool>> place = new(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return true;
            }

            _queue.AddLast(place);
        }

        using CancellationTokenSource timer = new(patience, time);
        using CancellationTokenRegistration late = timer.Token.Register(() => Leave(place, waiter => waiter.SetResult(false)));
        using CancellationTokenRegistration givenUp =
            cancellationToken.Register(() => Leave(place, waiter => waiter.SetCanceled(cancellationToken)));
        return await place.Value.Task;
    }

    public void Release()
    {
        TaskCompletionSource<bool>? next = null;
        lock (_lock)
        {
            if (_queue.First is { } first)
            {
                _queue.Remove(first);
                next = first.Value;
            }

            _taken = next is not null;
        }

        next?.SetResult(true);
    }

    private void Leave(LinkedListNode<TaskCompletionSource<bool>> place, Action<TaskCompletionSource<bool>> end)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _queue.Remove(place);
        }

        end(place.Value);
    }
}
