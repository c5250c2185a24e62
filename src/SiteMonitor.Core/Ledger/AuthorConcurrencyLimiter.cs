namespace SiteMonitor.Core.Ledger;

/// <summary>
/// Limits how many runs of one author are under way at once. Each further run gets its own time to ask again, in the order they
/// first asked, so that waiting costs about one further read an issue. Not safe for several threads.
/// </summary>
internal sealed class AuthorConcurrencyLimiter
{
    /// <summary>Approximate write time of one run: three writes, one second apart.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, string> _begun = [];
    private readonly Dictionary<string, DateTimeOffset> _promised = [];

    /// <param name="most">Null: the run may begin.</param>
    /// <returns>Null when the run may begin, or has begun; otherwise when the caller should try again.</returns>
    public DateTimeOffset? TryTake(string runId, string authorKey, int? most, DateTimeOffset now)
    {
        if (most is not { } limit || _begun.ContainsKey(runId) || _begun.Values.Count(author => author == authorKey) < limit)
        {
            _begun[runId] = authorKey;
            return null;
        }

        DateTimeOffset after = _promised.GetValueOrDefault(authorKey);
        return _promised[authorKey] = (after > now ? after : now) + Interval;
    }

    public void Release(string runId)
    {
        if (_begun.Remove(runId, out string? author) && !_begun.ContainsValue(author))
        {
            _promised.Remove(author);
        }
    }
}
