namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// When a credential may send again after GitHub said no. A primary limit closes one resource (<c>core</c>, <c>graphql</c>), a secondary
/// one closes all.
/// </summary>
internal sealed class RateLimitGate(TimeProvider machine)
{
    /// <summary>GitHub's advice where an answer names no time: at least a minute, and longer each time that it says no again.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);

    private const int MaxDoublings = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _closedUntil = new(StringComparer.OrdinalIgnoreCase);
    private int _doublings;
    private long? _unnamedUntil;

    /// <param name="resource">Null closes all.</param>
    /// <returns>The wait.</returns>
    public TimeSpan Close(TimeSpan wait, string? resource = null)
    {
        lock (_lock)
        {
            CloseUntil(machine.GetTimestamp() + Ticks(wait), resource ?? string.Empty);
        }

        return wait;
    }

    /// <summary>
    /// Closes all after an answer that names no time: for <see cref="DefaultWait"/>, doubled each time this happens again soon after the
    /// wait was over.
    /// </summary>
    /// <returns>The wait.</returns>
    public TimeSpan CloseWithBackoff()
    {
        lock (_lock)
        {
            long now = machine.GetTimestamp();
            if (_unnamedUntil is { } until && now < until)
            {
                // An answer to what was sent before the gate was closed.
                return machine.GetElapsedTime(now, until);
            }

            bool isAgain = _unnamedUntil is { } last && machine.GetElapsedTime(last, now) < Unnamed;
            _doublings = isAgain ? Math.Min(_doublings + 1, MaxDoublings) : 0;
            _unnamedUntil = now + Ticks(Unnamed);
            CloseUntil(_unnamedUntil.Value, string.Empty);
            return Unnamed;
        }
    }

    /// <summary>How long the gate stays closed for a resource; zero when open.</summary>
    public TimeSpan GetRemainingWait(string resource)
    {
        long now = machine.GetTimestamp();
        lock (_lock)
        {
            long until = Math.Max(_closedUntil.GetValueOrDefault(string.Empty), _closedUntil.GetValueOrDefault(resource));
            return until <= now ? TimeSpan.Zero : machine.GetElapsedTime(now, until);
        }
    }

    private TimeSpan Unnamed => DefaultWait * (1 << _doublings);

    private long Ticks(TimeSpan wait) => (long)(wait.TotalSeconds * machine.TimestampFrequency);

    private void CloseUntil(long until, string key) => _closedUntil[key] = Math.Max(until, _closedUntil.GetValueOrDefault(key));
}
