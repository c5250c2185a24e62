using System.Collections.Concurrent;
using System.Threading.Channels;

namespace DurableTask.Sqlite.Runtime;

/// <summary>
/// A queue whose consumer, a dispatcher's fetch loop, waits without polling. Deferred items are handed out only when no
/// other item is queued and <paramref name="holdsDeferred"/> returns false.
/// </summary>
/// <param name="holdsDeferred">Whether deferred items are held back; asked again at each <see cref="Pulse"/>.</param>
internal sealed class WorkQueue<T>(Func<bool>? holdsDeferred = null)
    where T : class
{
    private readonly ConcurrentQueue<T> _items = [];
    private readonly ConcurrentQueue<T> _deferred = [];
    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile bool _isClosed;

    /// <summary>Whether <see cref="Close"/> was called: nothing is handed out any more.</summary>
    public bool IsClosed => _isClosed;

    public int Count => _items.Count + _deferred.Count;

    public void Enqueue(T item, bool deferred = false)
    {
        (deferred ? _deferred : _items).Enqueue(item);
        Pulse();
    }

    /// <summary>Wakes the consumer so that it checks the queue again.</summary>
    public void Pulse() => _changed.Writer.TryWrite(true);

    /// <summary>Returns the next item; null when cancelled.</summary>
    public async Task<T?> TakeAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (!_isClosed && (_items.TryDequeue(out T? item) || (holdsDeferred?.Invoke() is not true && _deferred.TryDequeue(out item))))
            {
                return item;
            }

            await ((Task)_changed.Reader.ReadAsync(cancellation).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    public void Close() => _isClosed = true;
}
