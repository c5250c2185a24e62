using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Compares the unified pipeline with the legacy logic: the figures of both over a span, and over time.</summary>
/// <param name="From">Start of the time axis: the span's start, or the first record where that is later (UTC).</param>
/// <param name="BucketSeconds">Length of one bucket of <paramref name="Timeline"/>.</param>
/// <param name="Timeline">Buckets that hold a run, oldest first.</param>
public sealed record SideBySide(DateTimeOffset From, DateTimeOffset To, double BucketSeconds, SideFigures Unified, SideFigures Legacy,
    IReadOnlyList<SidePoint> Timeline)
{
    private const int MaxBuckets = 60;

    /// <summary>Lengths of intervals that divide hours and days, so that intervals begin at round times.</summary>
    private static readonly TimeSpan[] Lengths =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromDays(1), TimeSpan.FromDays(2),
    ];

    /// <param name="unified">Figures of the unified runs, and of what became of their issues.</param>
    public static SideBySide Create(RunStatistics unified, RunStatistics legacy, DateTimeOffset from, DateTimeOffset to)
    {
        TimeSpan bucket = Lengths.FirstOrDefault(length => (to - from) / length <= MaxBuckets - 1, Lengths[^1]);
        IRunFacts[] outcomes = [.. unified.Records.Where(RunStatistics.IsOutcomeRecord)];
        ILookup<long, IRunFacts> unifiedByBucket = unified.Records.Where(RunStatistics.IsUnified).ToLookup(BucketOf);
        ILookup<long, IRunFacts> legacyByBucket = legacy.Records.ToLookup(BucketOf);
        IEnumerable<long> starts = unifiedByBucket.Select(g => g.Key).Union(legacyByBucket.Select(g => g.Key)).Order();
        return new SideBySide(
            from,
            to,
            bucket.TotalSeconds,
            SideFigures.Create(unified),
            SideFigures.Create(legacy),
            [.. starts.Select(start => new SidePoint(
                new DateTimeOffset(start, TimeSpan.Zero),
                SideFigures.Create(new RunStatistics([.. unifiedByBucket[start], .. outcomes])),
                SideFigures.Create(new RunStatistics(legacyByBucket[start]))))]);

        long BucketOf(IRunFacts run) => run.Started.UtcTicks - (run.Started.UtcTicks % bucket.Ticks);
    }
}

/// <summary>Figures of both logics in one interval.</summary>
/// <param name="From">Start of the bucket (UTC).</param>
public sealed record SidePoint(DateTimeOffset From, SideFigures Unified, SideFigures Legacy);

/// <summary>The figures of one logic.</summary>
/// <param name="Runs">Runs that had something to do.</param>
/// <param name="RightChoices">Issues whose specialist people kept; the legacy logic has none.</param>
public sealed record SideFigures(int Runs, SideShare Errors, SideShare HandOvers, SideShare RightChoices, SideDuration Duration)
{
    public static SideFigures Create(RunStatistics runs) => new(
        runs.Counted.Count,
        SideShare.Create(runs.Errors),
        SideShare.Create(runs.HandOvers),
        SideShare.Create(runs.RightChoices),
        SideDuration.Create(runs.Durations));
}

/// <summary>A share with its 95 % interval.</summary>
/// <param name="Share">0 to 1; null without data.</param>
/// <param name="Low">Lower end of the interval, 0 to 1.</param>
/// <param name="High">Upper end of the interval, 0 to 1.</param>
public sealed record SideShare(int Count, int Of, double? Share, double Low, double High)
{
    public static SideShare Create(Proportion proportion) =>
        new(proportion.Count, proportion.Of, proportion.Share, proportion.Low, proportion.High);
}

/// <summary>Durations in seconds, the mean with its 95 % interval; null without data.</summary>
public sealed record SideDuration(int Count, double? Mean, double? Low, double? High, double? P50, double? P95)
{
    public static SideDuration Create(Durations durations)
    {
        double? margin = durations.StandardDeviation is { } deviation ? 1.96 * deviation / Math.Sqrt(durations.Count) : null;
        return new SideDuration(
            durations.Count,
            durations.Mean,
            margin is null ? null : Math.Max(0, durations.Mean!.Value - margin.Value),
            durations.Mean + margin,
            durations.Percentile(0.5),
            durations.Percentile(0.95));
    }
}
