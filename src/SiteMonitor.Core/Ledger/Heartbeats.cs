using System.Globalization;

namespace SiteMonitor.Core.Ledger;

/// <summary>Creates and counts the heartbeats by which uptime is measured: one every 15 minutes, however many instances run.</summary>
public static class Heartbeats
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Creates the heartbeat of an interval; a second one has the same id, so that the ledger drops it.</summary>
    public static RunRecord Create(DateTimeOffset at, string phase)
    {
        DateTimeOffset beat = Floor(at);
        return new RunRecord
        {
            Kind = RunKind.Heartbeat,
            RunId = string.Create(CultureInfo.InvariantCulture, $"heartbeat-{beat.UtcDateTime:yyyyMMddHHmm}"),
            Issue = string.Empty,
            Trigger = "timer",
            RequestedStage = string.Empty,
            Phase = phase,
            Outcome = RunOutcome.Succeeded,
            Started = beat,
            Ended = beat,
        };
    }

    /// <summary>
    /// Counts the heartbeats in a span and those that are expected; the present interval counts once it has its heartbeat.
    /// </summary>
    /// <param name="records">The ledger records of the span.</param>
    /// <param name="since">The start of the span, or of the deployment if that is later.</param>
    /// <param name="now">The end of the span.</param>
    public static (int Beats, int Expected) Count(IEnumerable<IRunFacts> records, DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset first = Floor(since) == since ? since : Floor(since) + Interval;
        DateTimeOffset last = Floor(now);
        HashSet<DateTimeOffset> beats =
        [
            .. records.Where(r => r.Kind == RunKind.Heartbeat).Select(r => Floor(r.Started)).Where(beat => beat >= first && beat <= last),
        ];
        int expected = last < first ? 0 : (int)((last - first) / Interval) + (beats.Contains(last) ? 1 : 0);
        return (beats.Count, expected);
    }

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Interval.Ticks), TimeSpan.Zero);
}
