namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Limits that GitHub reported to this process and that may not be in the shared record yet.</summary>
internal sealed class SeenLimits(MonotonicClock clock, StoreClock storeClock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="resource">The API; empty for all.</param>
    public void Add(string resource, TimeSpan wait)
    {
        lock (_lock)
        {
            DateTimeOffset until = clock.Now + (wait < RateLimitGate.LongestWait ? wait : RateLimitGate.LongestWait);
            _until[resource] = _until.TryGetValue(resource, out DateTimeOffset known) && known > until ? known : until;
        }
    }

    /// <summary>Whether one of them is not in the record.</summary>
    public bool AreMissingIn(PacingState state)
    {
        lock (_lock)
        {
            return _until.Any(l => l.Value > clock.Now
                && storeClock.FromLocal(l.Value - StoreClock.Precision) > state.HeldUntil.GetValueOrDefault(l.Key));
        }
    }

    /// <summary>Adds them to those of the record, and removes what is over.</summary>
    public PacingState AddTo(PacingState state)
    {
        lock (_lock)
        {
            foreach (string over in _until.Where(l => l.Value <= clock.Now).Select(l => l.Key).ToArray())
            {
                _until.Remove(over);
            }

            return state with
            {
                HeldUntil = state.HeldUntil
                    .Where(h => h.Value > storeClock.Now)
                    .Concat(_until.Select(l => KeyValuePair.Create(l.Key, storeClock.FromLocal(l.Value))))
                    .GroupBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(g => g.Key, g => g.Max(h => h.Value), StringComparer.OrdinalIgnoreCase),
            };
        }
    }
}
