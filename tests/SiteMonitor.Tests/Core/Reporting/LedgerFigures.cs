using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Reporting;

/// <summary>Reads every figure of a ledger into one text, to compare what different ledgers of the same records say.</summary>
internal static class LedgerFigures
{
    /// <summary>The figures as computed from the records themselves.</summary>
    public static Task<string> OfAsync(IEnumerable<RunRecord> records, DateTimeOffset now)
    {
        MemoryLedger ledger = new();
        ledger.Records.AddRange(records);
        return ReadAsync(ledger, now);
    }

    /// <summary>The figures as a ledger gives them: over 90 days, a week and a day, and the counters of the day.</summary>
    public static async Task<string> ReadAsync(IRunLedger ledger, DateTimeOffset now)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        MetricsReader metrics = new(ledger, new MemoryComparisons(), new Phase(), new FakeTimeProvider(now));
        List<string> texts = [];
        foreach (double days in (double[])[90, 7, 1])
        {
            MetricsSummary summary = await metrics.ReadAsync(TimeSpan.FromDays(days), stop);
            texts.Add(JsonSerializer.Serialize(summary));
            IReadOnlyList<IRunFacts> today = await ledger.ReadFactsAsync(new LedgerQuery(From: now.AddHours(-9)), stop);
            texts.Add(OpenMetricsText.Write(summary, today, RolloutState.Start("full", now), new GuardPlan(), []));
        }

        return string.Join('\n', texts);
    }

    private sealed class Phase : ICurrentPhase
    {
        public ValueTask<string> GetNameAsync(CancellationToken cancellationToken) => ValueTask.FromResult("full");
    }
}
