using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Admits one write at a time: the urgent first, those of batches last, of each kind those of issues that have begun first, and among equals
/// the repositories in turn. A caller that times out or is cancelled leaves the queue.
/// </summary>
internal sealed class WriteQueue(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly Dictionary<string, long> _servedAt = new(StringComparer.OrdinalIgnoreCase);
    private long _served;
    private bool _taken;

    public int WaitingCount
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    public bool TryAcquire(WritePrecedence order)
    {
        lock (_lock)
        {
            if (_taken)
            {
                return false;
            }

            Serve(order);
            return true;
        }
    }

    /// <summary>Returns how many of those that wait would go before a new write.</summary>
    public int CountAhead(WritePrecedence order)
    {
        lock (_lock)
        {
            int before = _waiters.Count(w => w.Order.Precedes(order));
            ILookup<string, Waiter> equals = _waiters
                .Where(w => w.Order.IsPeerOf(order))
                .ToLookup(w => w.Order.Repository, StringComparer.OrdinalIgnoreCase);
            int own = equals[order.Repository].Count();
            return before + own + equals.Where(g => !IsSame(g.Key, order.Repository)).Sum(g => Math.Min(g.Count(), own + 1));
        }
    }

    /// <returns>Whether the turn came in time.</returns>
    public async Task<bool> AcquireAsync(WritePrecedence order, TimeSpan patience, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> place = new(new Waiter(order));
        lock (_lock)
        {
            if (!_taken)
            {
                Serve(order);
                return true;
            }

            _waiters.AddLast(place);
        }

        using CancellationTokenSource timer = new(patience, time);
        using CancellationTokenRegistration late = timer.Token.Register(() => Leave(place, turn => turn.SetResult(false)));
        using CancellationTokenRegistration givenUp =
            cancellationToken.Register(() => Leave(place, turn => turn.SetCanceled(cancellationToken)));
        return await place.Value.Turn.Task;
    }

    public void Release()
    {
        Waiter? next = null;
        lock (_lock)
        {
            _taken = false;
            if (_waiters.Count > 0)
            {
                next = _waiters.Aggregate((best, other) => GoesBefore(other, best) ? other : best);
                _waiters.Remove(next);
                Serve(next.Order);
            }
        }

        next?.Turn.SetResult(true);
    }

    private void Serve(WritePrecedence order)
    {
        _taken = true;
        _servedAt[order.Repository] = ++_served;
    }

    private bool GoesBefore(Waiter one, Waiter other) =>
        one.Order.Precedes(other.Order)
        || (one.Order.IsPeerOf(other.Order)
            && _servedAt.GetValueOrDefault(one.Order.Repository) < _servedAt.GetValueOrDefault(other.Order.Repository));

    private void Leave(LinkedListNode<Waiter> place, Action<TaskCompletionSource<bool>> end)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _waiters.Remove(place);
        }

        end(place.Value.Turn);
    }

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private sealed class Waiter(WritePrecedence order)
    {
        public WritePrecedence Order => order;

        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
