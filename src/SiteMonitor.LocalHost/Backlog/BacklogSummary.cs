using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>What a backlog came to: all figures from the ledger's records.</summary>
internal sealed record BacklogSummary
{
    /// <summary>The last run of each issue.</summary>
    public required IReadOnlyList<RunRecord> Issues { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>From the start that was asked for to <c>copilot-assigned</c>, ascending.</summary>
    public required IReadOnlyList<TimeSpan> ToCopilot { get; init; }

    public int Count(RunOutcome outcome) => Issues.Count(i => i.Outcome == outcome);

    public IReadOnlyList<RunRecord> Failures => [.. Issues.Where(i => i.Outcome is RunOutcome.Failed or RunOutcome.Critical)];

    /// <summary>Issues that went the whole way, from <c>site-monitor</c> to <c>copilot-assigned</c>, in one run.</summary>
    public IReadOnlyList<RunRecord> FullyProcessed => [.. Issues.Where(i => i.Outcome == RunOutcome.Succeeded && i.Stages.Count == 2)];

    /// <param name="records">Of this backlog, oldest first.</param>
    /// <param name="asked">When the run of an issue was asked for; null when unknown.</param>
    public static BacklogSummary Of(IEnumerable<RunRecord> records, Func<RunRecord, DateTimeOffset?> asked, TimeSpan elapsed)
    {
        RunRecord[] last = [.. records.Where(r => r.Kind == RunKind.Run).GroupBy(r => r.Issue).Select(g => g.Last())];
        return new BacklogSummary
        {
            Issues = last,
            Elapsed = elapsed,
            ToCopilot = [.. last.Where(r => r.Outcome == RunOutcome.Succeeded).Select(r => r.Ended - asked(r)).OfType<TimeSpan>().Order()],
        };
    }

    /// <summary>The nearest-rank percentile of ascending values; null without any.</summary>
    public static TimeSpan? Percentile(IReadOnlyList<TimeSpan> ascending, double fraction) =>
        ascending.Count == 0 ? null : ascending[Math.Max(0, (int)Math.Ceiling(fraction * ascending.Count) - 1)];
}
