using System.Globalization;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Figures of a backlog, computed from the ledger's records.</summary>
internal sealed record BacklogSummary
{
    /// <summary>The last run of each issue.</summary>
    public required IReadOnlyList<RunRecord> Issues { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Times from the start request to <c>copilot-assigned</c>, ascending.</summary>
    public required IReadOnlyList<TimeSpan> ToCopilot { get; init; }

    public int Count(RunOutcome outcome) => Issues.Count(i => i.Outcome == outcome);

    public IReadOnlyList<RunRecord> Failures => [.. Issues.Where(i => i.Outcome is RunOutcome.Failed or RunOutcome.Critical)];

    /// <summary>Issues that went from <c>site-monitor</c> to <c>copilot-assigned</c> in one run.</summary>
    public IReadOnlyList<RunRecord> FullyProcessed => [.. Issues.Where(i => i.Outcome == RunOutcome.Succeeded && i.Stages.Count == 2)];

    /// <param name="records">Records of this backlog, oldest first.</param>
    /// <param name="requestedAt">Returns when the run of an issue was requested; null if unknown.</param>
    public static BacklogSummary Of(IEnumerable<RunRecord> records, Func<RunRecord, DateTimeOffset?> requestedAt, TimeSpan elapsed)
    {
        RunRecord[] last = [.. records.Where(r => r.Kind == RunKind.Run).GroupBy(r => r.Issue).Select(g => g.Last())];
        return new BacklogSummary
        {
            Issues = last,
            Elapsed = elapsed,
            ToCopilot = [.. last.Where(
                r => r.Outcome == RunOutcome.Succeeded).Select(r => r.Ended - requestedAt(r)).OfType<TimeSpan>().Order()],
        };
    }

    /// <summary>Returns the nearest-rank percentile of ascending values; null if there are none.</summary>
    public static TimeSpan? Percentile(IReadOnlyList<TimeSpan> ascending, double fraction) =>
        ascending.Count == 0 ? null : ascending[Math.Max(0, (int)Math.Ceiling(fraction * ascending.Count) - 1)];
}

/// <summary>Formats the summary for the console.</summary>
internal static class BacklogSummaryText
{
    private static readonly (RunOutcome Outcome, string Text)[] Outcomes =
    [
        (RunOutcome.Succeeded, "succeeded"),
        (RunOutcome.Waiting, "waiting for a person"),
        (RunOutcome.Unmatched, "unmatched"),
        (RunOutcome.Skipped, "skipped"),
        (RunOutcome.Rerouted, "rerouted"),
        (RunOutcome.Failed, "failed"),
        (RunOutcome.Critical, "critical"),
    ];

    public static IEnumerable<string> Lines(BacklogSummary summary)
    {
        Usage total = summary.Issues.Aggregate(Usage.Zero, (sum, r) => sum + r.Usage);
        string outcomes = string.Join(
            ", ", Outcomes.Where(o => summary.Count(o.Outcome) > 0
                || o.Outcome == RunOutcome.Failed).Select(o => $"{summary.Count(o.Outcome)} {o.Text}"));
        yield return string.Empty;
        yield return Text($"{summary.Issues.Count} issues in {summary.Elapsed.TotalSeconds:0.0} s: {outcomes}");
        if (summary.ToCopilot.Count > 0)
        {
            yield return Text($"  start to copilot-assigned  p50 {Seconds(summary, 0.5)}, p95 {Seconds(summary, 0.95)}");
        }

        if (summary.FullyProcessed is { Count: > 0 } whole)
        {
            int most = whole.Max(r => r.Usage.GitHubReads + r.Usage.GitHubWrites);
            yield return Text(
                $"  GitHub calls an issue      {whole.Average(r => r.Usage.GitHubReads + r.Usage.GitHubWrites):0.0} for the whole way, {whole.Average(r => r.Usage.GitHubWrites):0.0} of them writes; at most {most}; {total.GitHubExtra} extra calls in all");
        }

        yield return Text(
            $"  model                      {total.ModelCalls} calls, {total.PromptTokens + total.CompletionTokens:#,0} tokens, ${total.Dollars:0.0000}; {total.CacheHits} from the cache");
        yield return Text($"  memory                     {Environment.WorkingSet / 1_000_000} MB");
        foreach (RunRecord failure in summary.Failures)
        {
            yield return $"  failed: {failure.Issue}: {failure.Reason} ({failure.ReasonCode})";
        }
    }

    private static string Seconds(BacklogSummary summary, double fraction) =>
        Text($"{BacklogSummary.Percentile(summary.ToCopilot, fraction)!.Value.TotalSeconds:0.0} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
