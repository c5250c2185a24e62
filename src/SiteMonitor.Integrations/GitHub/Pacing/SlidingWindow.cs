namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// A limit within any stretch of a given length. What was used counts from the moment the answer came, which is never before GitHub counted
/// it, so delays on the way cannot squeeze more into one of GitHub's windows than it allows. Not safe for several threads:
/// <see cref="RequestPacer"/> holds a lock.
/// </summary>
internal sealed class SlidingWindow(int limit, TimeSpan length)
{
    private readonly Queue<(DateTimeOffset At, int Cost)> _done = new();
    private int _doneCost;
    private int _underWay;

    /// <summary>
    /// How long until <paramref name="cost"/> more fits; zero when it fits now. While requests under way fill the window, the answer is a
    /// short look-again time.
    /// </summary>
    public TimeSpan GetWait(int cost, DateTimeOffset now)
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
