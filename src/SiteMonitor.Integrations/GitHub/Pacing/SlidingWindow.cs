namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Limits the uses in any time span of a given length. A use counts from its response on, which is never before GitHub counted it. Not
/// thread-safe: <see cref="RequestPacer"/> holds a lock.
/// </summary>
internal sealed class SlidingWindow(TimeSpan length)
{
    private readonly Queue<(DateTimeOffset At, int Cost)> _done = new();
    private int _doneCost;
    private int _underWay;

    /// <summary>Returns how long until <paramref name="cost"/> more fits; short while pending requests fill the window.</summary>
    /// <param name="limit">What all uses within the window may cost together.</param>
    public TimeSpan GetWait(int cost, int limit, DateTimeOffset now)
    {
        Forget(now);
        int excess = _doneCost + _underWay + cost - limit;
        if (excess <= 0)
        {
            return TimeSpan.Zero;
        }

        foreach ((DateTimeOffset at, int used) in _done)
        {
            excess -= used;
            if (excess <= 0)
            {
                return at + length - now;
            }
        }

        return length / 100;
    }

    public void Begin(int cost) => _underWay += cost;

    /// <param name="free">GitHub does not count it (an answer 304).</param>
    public void End(int cost, DateTimeOffset now, bool free = false)
    {
        _underWay -= cost;
        if (!free)
        {
            _done.Enqueue((now, cost));
            _doneCost += cost;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_done.TryPeek(out (DateTimeOffset At, int Cost) oldest) && now - oldest.At >= length)
        {
            _doneCost -= _done.Dequeue().Cost;
        }
    }
}
