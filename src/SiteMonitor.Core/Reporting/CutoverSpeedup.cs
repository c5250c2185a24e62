using System.Globalization;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Reporting;

/// <summary>Measures the plan's optimization target: a mean processing time 20 % below that of the first phase with all traffic.</summary>
internal sealed class CutoverSpeedup(RolloutPlan plan, IRunLedger ledger)
{
    private const string Title = "Mean processing time against the full cutover";
    private const string Target = "≤ 0.8 ×";

    /// <param name="phases">As they went.</param>
    /// <param name="records">Of the report's span.</param>
    public async Task<ReportRow> RowAsync(
        IReadOnlyList<PhaseSpan> phases, IReadOnlyList<IRunFacts> records, CancellationToken cancellationToken)
    {
        string? first = plan.Phases.FirstOrDefault(p => p.Flags.UnifiedPipeline.Percentage >= 100)?.Name;
        PhaseSpan? reference = phases.LastOrDefault(p => p.Phase == first);
        if (reference is not { To: { } end } || phases[^1] is not { } now || now.Phase == first)
        {
            return new ReportRow(Title, Target,
                first is null ? "no phase of the plan takes everything" : $"measured once phase {first} is over", MetricFigure.NoData);
        }

        IReadOnlyList<IRunFacts> then = await ledger.ReadFactsAsync(
            new LedgerQuery(From: reference.From, To: end, Phase: first, Kind: RunKind.Run), cancellationToken);
        Durations before = new RunStatistics(then.Where(RunStatistics.IsUnified)).Durations;
        Durations after = new RunStatistics(records.Where(r => r.Phase == now.Phase && RunStatistics.IsUnified(r))).Durations;
        return before.Mean is { } old && after.Mean is { } mean && old > 0
            ? new ReportRow(Title, Target,
                Text(
                    $"{mean / old:0.00} ×, {mean:0.0} s over {after.Count} runs in {now.Phase}, {old:0.0} s over {before.Count} in {first}"),
                mean <= Targets.MeanOverFullCutover * old ? MetricFigure.Met : MetricFigure.Missed)
            : new ReportRow(Title, Target, "no data", MetricFigure.NoData);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
