using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Spreads the retries of writes that did not get a slot, so that they do not all come back at once. Repositories get
/// every second, third, … time when there are two, three, … of them. Where processes share the slots, writes come back in groups,
/// because those that wait together reserve their slots together.
/// </summary>
internal sealed class RetryScheduler(TimeSpan interval)
{
    private readonly Dictionary<WritePrecedence, (DateTimeOffset At, int Count)> _last = [];

    /// <summary>Whether writes of a batch will be retried.</summary>
    public bool HasBacklog(DateTimeOffset now) => _last.Any(l => l.Key.Priority == WritePriority.Batch && l.Value.At > now);

    /// <param name="processes">How many assign such times for the same slots.</param>
    public TimeSpan Reserve(WritePrecedence order, TimeSpan wait, int processes, DateTimeOffset now)
    {
        if (order.Priority == WritePriority.Urgent)
        {
            return wait;
        }

        foreach (WritePrecedence over in _last.Where(l => l.Value.At <= now).Select(l => l.Key).ToArray())
        {
            _last.Remove(over);
        }

        int repositories = _last.Keys.Count(o => o.Priority == order.Priority && o != order) + 1;
        int group = processes == 1 ? 1 : WriteReservations.MaxSlots;
        DateTimeOffset earliest = now + wait;
        bool isFirst = !_last.TryGetValue(order, out (DateTimeOffset At, int Count) last);
        (DateTimeOffset At, int Count) next = isFirst ? (earliest, 1)
            : last.Count < group ? (last.At, last.Count + 1)
            : (last.At + (interval * processes * repositories * group), 1);
        _last[order] = next.At < earliest ? (earliest, 1) : next;
        return _last[order].At - now;
    }
}
