using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>External events of one execution: those nobody has asked for yet, in their order, and those who wait. Names differ in more than case.</summary>
internal sealed class EventBox(DataConverter converter)
{
    private readonly Dictionary<string, Stack<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent> _unclaimed = [];

    public bool IsAwaited => _waiters.Count > 0;

    /// <summary>The latest waiter is served first, as in Durable Functions, so that abandoned ones take nothing away.</summary>
    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        TypedEventWaiter<T> waiter = new();
        int waiting = _unclaimed.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (waiting >= 0)
        {
            HistoryEvent step = _unclaimed[waiting];
            _unclaimed.RemoveAt(waiting);
            waiter.TryDeliver(step.Payload, converter);
            return waiter.Task;
        }

        if (!_waiters.TryGetValue(name, out Stack<EventWaiter>? waiters))
        {
            _waiters.Add(name, waiters = new Stack<EventWaiter>());
        }

        waiters.Push(waiter);
        cancellation.Register(() => waiter.Cancel(cancellation));
        return waiter.Task;
    }

    public void Raise(HistoryEvent step)
    {
        while (_waiters.TryGetValue(step.Name!, out Stack<EventWaiter>? waiters))
        {
            EventWaiter waiter = waiters.Pop();
            if (waiters.Count == 0)
            {
                _waiters.Remove(step.Name!);
            }

            if (waiter.TryDeliver(step.Payload, converter))
            {
                return;
            }
        }

        _unclaimed.Add(step);
    }

    public IReadOnlyList<HistoryEvent> TakeUnclaimed() => [.. _unclaimed];
}
