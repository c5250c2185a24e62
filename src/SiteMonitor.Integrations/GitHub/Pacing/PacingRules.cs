namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Turns GitHub's limits for one credential into rules for slots; a slot is one write. A slot counts until any request sent in it
/// has left GitHub's window, no matter when GitHub counted the request.
/// </summary>
internal sealed class PacingRules
{
    /// <summary>
    /// How far from its slot's start GitHub may count a write: 10 s, after which GitHub terminates a request (docs.github.com,
    /// "Troubleshooting the REST API"), and 5 s for a late begin and for clocks that differ.
    /// </summary>
    private static readonly TimeSpan MaxDeviation = TimeSpan.FromSeconds(15);

    /// <summary>Batches leave one slot in 33 free: 15 of 500 an hour, enough for five webhook issues.</summary>
    private const int BatchReserveDivisor = 33;

    private readonly int _perHour;
    private readonly long _hour;
    private readonly long _interval;
    private readonly long _longestHold;

    public PacingRules(GitHubOptions options)
    {
        GitHubLimits limits = options.Limits;
        TimeSpan deviation = MaxDeviation / limits.TimeScale;
        TimeSpan minute = TimeSpan.FromMinutes(1) / limits.TimeScale;
        TimeSpan hour = TimeSpan.FromHours(1) / limits.TimeScale;

        // Writes take at most half of the points and requests, which reads need too.
        TimeSpan byContent = (minute + deviation) / limits.ContentPerMinute;
        TimeSpan byPoints = (minute + deviation) * RequestCost.WritePoints / Math.Max(limits.PointsPerMinute / 2, RequestCost.WritePoints);
        Interval = new[] { options.WriteInterval, byContent, byPoints }.Max();
        _interval = (long)Math.Ceiling(Interval.TotalMilliseconds);
        _hour = (long)Math.Ceiling((hour + deviation).TotalMilliseconds);
        _perHour = Math.Max(1, Math.Min(limits.ContentPerHour, limits.RequestsPerHour / 2));
        _longestHold = (long)(RateLimitGate.LongestWait + MaxDeviation).TotalMilliseconds;
        BatchPerHour = _perHour - (_perHour / BatchReserveDivisor);
        MaxAhead = (long)((1.5 * options.MaxQueueWait) + MaxDeviation).TotalMilliseconds
            + (Math.Max(WriteReservations.MaxSlots, options.MaxInstances) * _interval);
        ReadsPerHour = limits.RequestsPerHour - (int)Math.Min(_perHour, limits.RequestsPerHour / 2);
        int writesPerMinute = (int)Math.Min((minute + deviation) / Interval + 1, limits.ContentPerMinute);
        ReadPointsPerMinute = limits.PointsPerMinute - Math.Min(writesPerMinute * RequestCost.WritePoints, limits.PointsPerMinute / 2);
    }

    /// <summary>From one slot to the next.</summary>
    public TimeSpan Interval { get; }

    /// <summary>How many slots of an hour batches may take.</summary>
    public int BatchPerHour { get; }

    /// <summary>How many milliseconds ahead of the store's clock any process takes slots.</summary>
    public long MaxAhead { get; }

    /// <summary>What the writes leave of the requests of an hour, for all processes together.</summary>
    public int ReadsPerHour { get; }

    /// <summary>What the writes leave of the points of a minute, for all processes together.</summary>
    public int ReadPointsPerMinute { get; }

    /// <summary>Takes slots, one after the other, of which the first begins at <paramref name="latest"/> or before.</summary>
    /// <param name="isBatch">Whether to leave those that are kept from batches.</param>
    /// <param name="count">At most so many.</param>
    /// <returns>The record with the slots, their starts, and the start of the first slot, which may be later.</returns>
    public (PacingState State, IReadOnlyList<long> Starts, long First) Take(
        PacingState state, string resource, bool isBatch, int count, long now, long latest)
    {
        int perHour = isBatch ? BatchPerHour : _perHour;
        long from = Math.Max(now, Math.Max(state.HeldUntil.GetValueOrDefault(string.Empty), state.HeldUntil.GetValueOrDefault(resource)));
        List<long> slots = [.. state.Slots.Where(s => s > now - _hour)];
        List<long> starts = [];
        long first = Next(slots, from, perHour);
        for (long next = first; starts.Count < count && next - (_interval * starts.Count) <= latest; next = Next(slots, from, perHour))
        {
            starts.Add(next);
            slots.Add(next);
        }

        return (state with { Slots = Trim(slots) }, starts, first);
    }

    /// <summary>Marks every slot up to <paramref name="until"/> as taken, because other processes may have taken them.</summary>
    public PacingState AddAllSlots(PacingState state, long from, long until)
    {
        List<long> slots = [.. state.Slots];
        for (long next = Next(slots, Math.Max(from, until - _hour), _perHour); next <= until; next = Next(slots, from, _perHour))
        {
            slots.Add(next);
        }

        return state with { Slots = Trim(slots) };
    }

    /// <summary>Returns what a process assumes that knows nothing of the hour: all of it was used, evenly.</summary>
    public PacingState AssumeUsedHour(long now) => PacingState.Empty with
    {
        Slots = Trim([.. Enumerable.Range(1 - BatchPerHour, BatchPerHour).Select(i => now + (i * _hour / BatchPerHour))]),
    };

    /// <summary>
    /// Corrects a record from before the store's clock was set back. Slots that no process can have taken yet count as used until now: they
    /// keep their distances, so that the hour's limit still holds. Limits that would hold for longer than any does are removed.
    /// </summary>
    public PacingState CorrectClock(PacingState state, long now)
    {
        long latest = now + MaxAhead;
        long back = state.Slots.Count > 0 && state.Slots[^1] > latest ? state.Slots[^1] - now : 0;
        return state with
        {
            Slots = back == 0 ? state.Slots : [.. state.Slots.Select(s => s > latest ? s - back : s).Order()],
            HeldUntil = state.HeldUntil.Where(h => h.Value <= now + _longestHold).ToDictionary(),
        };
    }

    /// <summary>Removes slots in which nothing was sent.</summary>
    /// <remarks>Each once: processes that work without the store may take slots with the same start.</remarks>
    public static PacingState Remove(PacingState state, IReadOnlyList<long> unused)
    {
        List<long> slots = [.. state.Slots];
        foreach (long start in unused)
        {
            slots.Remove(start);
        }

        return state with { Slots = slots };
    }

    /// <summary>Adds slots that were used without the store's knowledge.</summary>
    public PacingState Add(PacingState state, IReadOnlyList<long> used) =>
        used.Count == 0 ? state : state with { Slots = Trim([.. state.Slots.Concat(used).Order()]) };

    private long Next(List<long> slots, long from, int perHour)
    {
        long next = slots.Count == 0 ? from : Math.Max(from, slots[^1] + _interval);
        return slots.Count < perHour ? next : Math.Max(next, slots[^perHour] + _hour);
    }

    /// <summary>Where the interval alone keeps the hour's limit, only the last slot matters.</summary>
    private List<long> Trim(List<long> slots) =>
        slots.Count > 1 && _perHour * _interval >= _hour ? [slots[^1]] : slots.Count > _perHour ? slots[^_perHour..] : slots;
}
