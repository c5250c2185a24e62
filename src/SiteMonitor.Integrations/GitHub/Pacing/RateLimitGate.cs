namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Holds a credential's requests until its rate limits end. A primary limit affects one API, a secondary one all.</summary>
internal sealed class RateLimitGate(TimeProvider time)
{
    /// <summary>GitHub's advice for limits without an end time: at least a minute, and longer each time.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);

    /// <summary>No limit is assumed to hold for longer; the longest window is an hour.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(65);

    private const int MaxDoublings = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _closedUntil = new(StringComparer.OrdinalIgnoreCase);
    private int _doublings;
    private long? _unnamedUntil;

    /// <summary>Called with the API, empty for all, and the wait when a response closes the gate.</summary>
    public Action<string, TimeSpan> Closed { get; set; } = static (_, _) => { };

    /// <param name="resource">Null closes all.</param>
    /// <returns>The wait.</returns>
    public TimeSpan Close(TimeSpan wait, string? resource = null)
    {
        CloseForOthers(wait, resource ?? string.Empty);
        Closed(resource ?? string.Empty, wait);
        return wait;
    }

    /// <summary>Closes the gate after another process was limited.</summary>
    public void CloseForOthers(TimeSpan wait, string resource)
    {
        lock (_lock)
        {
            CloseUntil(time.GetTimestamp() + Ticks(wait), resource);
        }
    }

    /// <summary>Closes the gate after a limit without an end time: <see cref="DefaultWait"/>, doubled when repeated.</summary>
    /// <returns>The wait.</returns>
    public TimeSpan CloseWithBackoff()
    {
        TimeSpan wait = CloseWithLongerWait();
        Closed(string.Empty, wait);
        return wait;
    }

    private TimeSpan CloseWithLongerWait()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_unnamedUntil is { } until && now < until)
            {
                // An answer to what was sent before the gate was closed.
                return time.GetElapsedTime(now, until);
            }

            bool isAgain = _unnamedUntil is { } last && time.GetElapsedTime(last, now) < Unnamed;
            _doublings = isAgain ? Math.Min(_doublings + 1, MaxDoublings) : 0;
            _unnamedUntil = now + Ticks(Unnamed);
            CloseUntil(_unnamedUntil.Value, string.Empty);
            return Unnamed;
        }
    }

    /// <summary>Returns how long the gate stays closed for an API; zero when open.</summary>
    public TimeSpan GetRemainingWait(string resource)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            long until = Math.Max(_closedUntil.GetValueOrDefault(string.Empty), _closedUntil.GetValueOrDefault(resource));
            return until <= now ? TimeSpan.Zero : time.GetElapsedTime(now, until);
        }
    }

    private TimeSpan Unnamed => DefaultWait * (1 << _doublings);

    private long Ticks(TimeSpan wait) => (long)(wait.TotalSeconds * time.TimestampFrequency);

    private void CloseUntil(long until, string key) => _closedUntil[key] = Math.Max(until, _closedUntil.GetValueOrDefault(key));
}
