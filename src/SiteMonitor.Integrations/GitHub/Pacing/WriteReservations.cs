using System.Collections.Concurrent;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Reserves slots for the writes of this process in the shared record, a few at a time while writes queue. Without the store it gives out
/// this process's fraction of the limits.
/// </summary>
internal sealed class WriteReservations(SharedPacingRecord record, PacingRules rules, GitHubOptions options)
{
    /// <summary>
    /// A process that is killed loses at most so many slots, and others wait for them at most so many intervals.
    /// </summary>
    public const int MaxSlots = 5;

    /// <summary>A slot is lost when its write begins later than this.</summary>
    public static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(3);

    /// <summary>How many slots a write takes without the store: as if each other process took one, and no more than an hour has.</summary>
    private readonly int _localSlots = Math.Min(options.MaxInstances, rules.BatchPerHour);

    private readonly ConcurrentQueue<long> _reserved = new();

    /// <summary>Slots that passed unused. The record still counts them.</summary>
    private readonly ConcurrentQueue<long> _unused = new();

    /// <summary>Takes a reserved slot, or reserves new ones.</summary>
    /// <param name="expectedWrites">How many more writes will come soon: slots are reserved for them too.</param>
    /// <returns>The slot's start by the store's clock, or how long until there is a slot.</returns>
    public async Task<(long? Start, TimeSpan Wait)> TakeAsync(
        WritePriority priority, string resource, int expectedWrites, CancellationToken cancellationToken)
    {
        await record.Turn.WaitAsync(cancellationToken);
        try
        {
            while (_reserved.TryDequeue(out long start))
            {
                if (start < record.Now - (long)MaxLateness.TotalMilliseconds)
                {
                    GiveBack(start);
                }
                else if (start <= record.Now + rules.MaxAhead)
                {
                    return (start, TimeSpan.Zero);
                }

                // Any later one is from before the store's clock was set back.
            }

            SlotRequest request = new(
                resource, priority == WritePriority.Batch, Math.Min(expectedWrites + 1, MaxSlots),
                (long)GetHorizon(priority).TotalMilliseconds);
            record.RejoinWhenDue();
            return (record.LocalState is not null ? null : await TryReserveAsync(request, cancellationToken)) ?? ReserveLocally(request);
        }
        finally
        {
            record.Turn.Release();
            record.SaveUnrecorded();
        }
    }

    /// <summary>Returns an unused slot, so that it no longer counts towards the hourly limit.</summary>
    public void GiveBack(long start) => _unused.Enqueue(start);

    /// <summary>How far ahead a batch may reserve; others may half as far again, so that there is a slot for them.</summary>
    public TimeSpan GetHorizon(WritePriority priority) => (priority == WritePriority.Batch ? 1 : 1.5) * options.MaxQueueWait;

    /// <summary>Returns how long until the slot that a write would get, by this process's copy of the record.</summary>
    /// <param name="ahead">How many writes get theirs before.</param>
    public TimeSpan EstimateWait(WritePriority priority, string resource, int ahead)
    {
        long now = record.Now;
        long[] reserved = [.. _reserved];
        if (ahead < reserved.Length)
        {
            return TimeSpan.FromMilliseconds(Math.Max(0, reserved[ahead] - now));
        }

        int before = ahead - reserved.Length;
        (_, IReadOnlyList<long> starts, _) = record.LocalState is { } local
            ? rules.Take(local, resource, isBatch: true, (before * _localSlots) + 1, now, long.MaxValue)
            : rules.Take(
                PacingRules.Remove(record.State, [.. _unused]), resource, priority == WritePriority.Batch, before + 1, now, long.MaxValue);
        return TimeSpan.FromMilliseconds(starts[^1] - now);
    }

    private async Task<(long? Start, TimeSpan Wait)?> TryReserveAsync(SlotRequest request, CancellationToken cancellationToken)
    {
        long[] unused = [.. _unused];
        IReadOnlyList<long> starts = [];
        long first = 0;
        PacingState? Reserve(PacingState state)
        {
            long now = record.Now;
            (PacingState changed, starts, first) =
                rules.Take(PacingRules.Remove(state, unused), request.Resource, request.IsBatch, request.Count, now, now + request.Horizon);
            return starts.Count == 0 ? null : changed;
        }

        // Without a slot in the copy the store is not asked: it has none either, unless others gave slots back in the last seconds.
        UpdateResult result = Reserve(record.State) is null
            ? UpdateResult.Unchanged
            : await record.UpdateAsync(Reserve, reload: record.IsOutdated, cancellationToken);
        switch (result)
        {
            case UpdateResult.Saved:
                foreach (long later in starts.Skip(1))
                {
                    _reserved.Enqueue(later);
                }

                // Those given back since then come after them.
                for (int i = 0; i < unused.Length; i++)
                {
                    _unused.TryDequeue(out _);
                }

                return (starts[0], TimeSpan.Zero);
            case UpdateResult.StoreUnreachable:
                return null;
            default:
                return (null, TimeSpan.FromMilliseconds(Math.Max(first - record.Now, (long)rules.Interval.TotalMilliseconds)));
        }
    }

    /// <summary>Takes a slot as if each of the other processes took one too.</summary>
    private (long? Start, TimeSpan Wait) ReserveLocally(SlotRequest request)
    {
        long now = record.Now;
        // Slots that others took last may be missing in the copy: those kept from batches make up for them.
        (PacingState changed, IReadOnlyList<long> starts, _) =
            rules.Take(record.LocalState ?? record.State, request.Resource, isBatch: true, _localSlots, now, long.MaxValue);
        long latest = now + request.Horizon + (_localSlots * (long)Math.Ceiling(rules.Interval.TotalMilliseconds));
        if (starts[^1] > latest)
        {
            return (null, TimeSpan.FromMilliseconds(starts[^1] - latest + 1));
        }

        record.UseLocally(changed, starts[0]);
        return (starts[0], TimeSpan.Zero);
    }

    /// <param name="Horizon">How many milliseconds ahead a slot may begin.</param>
    private sealed record SlotRequest(string Resource, bool IsBatch, int Count, long Horizon);
}

/// <summary>What became of a change to the shared record.</summary>
internal enum UpdateResult
{
    Saved,
    Unchanged,
    Contended,
    StoreUnreachable,
}
