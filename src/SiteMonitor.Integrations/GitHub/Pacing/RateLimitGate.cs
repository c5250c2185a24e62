namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>When a credential may send again after GitHub said no. A primary limit closes one resource (<c>core</c>, <c>graphql</c>), a secondary one closes all.</summary>
internal sealed class RateLimitGate(TimeProvider machine)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _closedUntil = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="resource">Null closes all.</param>
    public void Close(TimeSpan wait, string? resource = null)
    {
        long until = machine.GetTimestamp() + (long)(wait.TotalSeconds * machine.TimestampFrequency);
        lock (_lock)
        {
            string key = resource ?? string.Empty;
            _closedUntil[key] = Math.Max(until, _closedUntil.GetValueOrDefault(key));
        }
    }

    /// <summary>How long the gate stays closed for a resource; zero when open.</summary>
    public TimeSpan Remaining(string resource)
    {
        long now = machine.GetTimestamp();
        lock (_lock)
        {
            long until = Math.Max(_closedUntil.GetValueOrDefault(string.Empty), _closedUntil.GetValueOrDefault(resource));
            return until <= now ? TimeSpan.Zero : machine.GetElapsedTime(now, until);
        }
    }
}
