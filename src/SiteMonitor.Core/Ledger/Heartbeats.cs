using System.Globalization;

namespace SiteMonitor.Core.Ledger;

/// <summary>Signs of life in the ledger, by which uptime is measured: one each quarter of an hour, however many instances run.</summary>
public static class Heartbeats
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>The beat of the quarter of an hour that <paramref name="at"/> lies in; its id makes a second one be dropped.</summary>
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

    /// <summary>Beats there are of those there should be between the first one and now; the quarter that is on is left out unless it has its beat.</summary>
    public static (int Beats, int Expected) Count(IEnumerable<RunRecord> records, DateTimeOffset now)
    {
        HashSet<DateTimeOffset> beats = [.. records.Where(r => r.Kind == RunKind.Heartbeat).Select(r => Floor(r.Started))];
        if (beats.Count == 0)
        {
            return (0, 0);
        }

        DateTimeOffset last = Floor(now);
        int expected = (int)((last - beats.Min()) / Interval) + (beats.Contains(last) ? 1 : 0);
        return (Math.Min(beats.Count, expected), expected);
    }

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Interval.Ticks), TimeSpan.Zero);
}
