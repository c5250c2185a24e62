namespace DurableTask.Sqlite.Runtime;

/// <summary>
/// A queue whose consumers wait without polling. Deferred items are handed out when no other is there, and not while they are held.
/// </summary>
internal sealed class WorkQueue<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = [];
    private readonly Queue<T> _deferred = [];
    private readonly Queue<TaskCompletionSource<T?>> _consumers = [];
    private bool _holdsDeferred;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count + _deferred.Count;
            }
        }
    }

    public void Enqueue(T item, bool deferred = false)
    {
        lock (_gate)
        {
            (deferred ? _deferred : _items).Enqueue(item);
            HandOut();
        }
    }

    /// <summary>Returns the next item; null when cancelled.</summary>
    public async Task<T?> TakeAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<T?> consumer;
        lock (_gate)
        {
            if (TryDequeue() is { } item)
            {
                return item;
            }

            consumer = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _consumers.Enqueue(consumer);
        }

        await using CancellationTokenRegistration registration = cancellation.Register(() => consumer.TrySetResult(null));
        return await consumer.Task;
    }

    public void HoldDeferred(bool hold)
    {
        lock (_gate)
        {
            _holdsDeferred = hold;
            HandOut();
        }
    }

    /// <summary>Hands out nothing any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private void HandOut()
    {
        while (_consumers.Count > 0 && TryDequeue() is { } item)
        {
            TaskCompletionSource<T?>? consumer;
            while (_consumers.TryDequeue(out consumer) && !consumer.TrySetResult(item))
            {
                // That consumer was cancelled.
            }

            if (consumer is null)
            {
                _items.Enqueue(item);
            }
        }
    }

    private T? TryDequeue() =>
        _closed ? null
        : _items.TryDequeue(out T? item) ? item
        : !_holdsDeferred && _deferred.TryDequeue(out T? deferred) ? deferred
        : null;
}
