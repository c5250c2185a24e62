using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Computes the figures of the metrics route, the report and the dashboard from the ledger.</summary>
public sealed class MetricsReader(IRunLedger ledger, IComparisonLog comparisons, ICurrentPhase phase, TimeProvider time)
{
    private const int Recent = 20;
    private const int Points = 48;

    /// <param name="span">How far back.</param>
    public async Task<MetricsSummary> ReadAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset from = now - span;
        IReadOnlyList<IRunFacts> records = await ledger.ReadFactsAsync(new LedgerQuery(From: from), cancellationToken);
        ConsistencyReport compared = ConsistencyReport.Create(await comparisons.QueryAsync(from, cancellationToken));

        // A span that begins before the deployment is measured from there.
        IReadOnlyList<IRunFacts> first = await ledger.ReadFactsAsync(new LedgerQuery(Limit: 1), cancellationToken);
        DateTimeOffset measured = first.Count == 0 ? now : first[0].Started > from ? first[0].Started : from;
        IRunFacts[] runs = [.. records.Where(r => r.Kind == RunKind.Run)];
        RunStatistics all = new(records);
        RunStatistics unified = new(records.Where(r => RunStatistics.IsUnified(r) || RunStatistics.IsOutcomeRecord(r)));
        RunStatistics legacy = new(runs.Where(RunStatistics.IsLegacy));
        return new MetricsSummary
        {
            At = now,
            From = from,
            Phase = await phase.GetNameAsync(cancellationToken),
            Figures = new MetricFigures(all, unified, compared, measured, now).All(),
            Outcomes = Count(runs.Select(r => r.Outcome)),
            Routes = Count(runs.Where(r => r.Route is not null).Select(r => r.Route!.Value)),
            Stages = [.. WholeRuns(unified, "unified"), .. WholeRuns(legacy, "legacy"), .. StagesOf(runs)],
            Usage = new UsageFigures(records.Aggregate(Usage.Zero, (sum, r) => sum + r.Usage), all.Issues),
            Failures = FailuresOf(runs),
            Commands = CommandsOf(records),
            Series = Series(records, from, now),
            Sides = SideBySide.Create(unified, legacy, measured, now),
            Recent = await ledger.QueryAsync(new LedgerQuery(From: from, NewestFirst: true), cancellationToken)
                .Where(r => r.Kind is RunKind.Run or RunKind.Completion)
                .Take(Recent)
                .Select(RunSummary.From)
                .ToListAsync(cancellationToken),
        };
    }

    private static SortedDictionary<string, int> Count<T>(IEnumerable<T> values)
        where T : struct, Enum =>
        new(values.CountBy(value => value).ToDictionary(c => WireName.Of(c.Key), c => c.Value), StringComparer.Ordinal);

    private static IEnumerable<StageFigures> WholeRuns(RunStatistics figures, string logic) => figures.Counted.Count == 0
        ? []
        : [Of("run", logic, figures.Counted.Count, figures.Durations, figures.Errors.Count)];

    private static IEnumerable<StageFigures> StagesOf(IRunFacts[] runs)
    {
        // Only the durations are collected: groups of all stages would be several megabytes of arrays.
        Dictionary<(Stage Stage, Logic Logic), (List<double> Seconds, int Count, int Errors)> stages = [];
        foreach (StageRecord stage in runs.Where(r => r.Outcome != RunOutcome.Skipped).SelectMany(r => r.Stages))
        {
            (List<double> seconds, int count, int errors) =
                stages.TryGetValue((stage.Stage, stage.Logic), out var known) ? known : ([], 0, 0);
            if (stage.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Unmatched)
            {
                seconds.Add(stage.Ms / 1000.0);
            }

            stages[(stage.Stage, stage.Logic)] =
                (seconds, count + 1, errors + (stage.Outcome is RunOutcome.Failed or RunOutcome.Critical ? 1 : 0));
        }

        return from stage in stages
               orderby stage.Key.Stage, stage.Key.Logic
               select Of(WireName.Of(stage.Key.Stage), WireName.Of(stage.Key.Logic), stage.Value.Count,
                   new Durations(stage.Value.Seconds), stage.Value.Errors);
    }

    private static StageFigures Of(string stage, string logic, int count, Durations durations, int errors) =>
        new(stage, logic, count, durations.Mean, durations.Percentile(0.5), durations.Percentile(0.95), durations.Percentile(0.99), errors);

    private static List<FailureFigures> FailuresOf(IEnumerable<IRunFacts> runs) =>
    [
        .. runs.Where(RunStatistics.IsError)
            .GroupBy(r => r.ReasonCode.Length > 0 ? r.ReasonCode : "none")
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new FailureFigures(g.Key, g.Count(), g.Select(r => r.Issue).Distinct().Count(), g.Last().Issue)),
    ];

    private static List<CommandFigures> CommandsOf(IEnumerable<IRunFacts> records) =>
    [
        .. records.Where(r => r.Kind == RunKind.Command)
            .GroupBy(r => r.RequestedStage)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new CommandFigures(g.Key, g.Count(), g.Max(r => r.Started))),
    ];

    private static List<MetricPoint> Series(IEnumerable<IRunFacts> records, DateTimeOffset from, DateTimeOffset now)
    {
        TimeSpan piece = (now - from) / Points;
        ILookup<int, IRunFacts> pieces = records.ToLookup(r => Math.Clamp((int)((r.Started - from) / piece), 0, Points - 1));
        return [.. Enumerable.Range(0, Points).Select(i => Point(from + (piece * i), [.. pieces[i]]))];
    }

    private static MetricPoint Point(DateTimeOffset from, IRunFacts[] records)
    {
        RunStatistics all = new(records);
        RunStatistics unified = new(records.Where(RunStatistics.IsUnified));
        return new MetricPoint(
            from,
            all.Counted.Count,
            all.Errors.Count,
            unified.Counted.Count,
            unified.Durations.Percentile(0.5),
            unified.Durations.Percentile(0.95),
            all.Dollars,
            records.Count(r => r.Kind == RunKind.Command));
    }
}
