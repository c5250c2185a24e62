using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Facts that a gate is evaluated by, read at one moment.</summary>
public sealed class Evidence
{
    public required DateTimeOffset At { get; init; }

    public required RolloutState State { get; init; }

    /// <summary>Runs of this phase since the evidence began: unified, legacy, and those that failed before routing; oldest first.</summary>
    public required IReadOnlyList<IRunFacts> Runs { get; init; }

    /// <summary>Those of them in which a stage ran unified.</summary>
    public IReadOnlyList<IRunFacts> Unified => field ??= [.. Runs.Where(RunStatistics.IsUnified)];

    /// <summary>What became of issues since the evidence began.</summary>
    public IReadOnlyList<IRunFacts> Outcomes { get; init; } = [];

    /// <summary>The last unified runs with a duration from before the phase, newest first; read where the gate needs them.</summary>
    public IReadOnlyList<IRunFacts> UnifiedBefore { get; init; } = [];

    public required Baseline Baseline { get; init; }

    /// <summary>Comparisons since the evidence began.</summary>
    public required ConsistencyReport Comparisons { get; init; }

    /// <summary>Calls of old commands, oldest first, over the most days that a criterion covers.</summary>
    public required IReadOnlyList<DateTimeOffset> OldCommandCalls { get; init; }

    /// <summary>Figures of the unified runs and of what became of their issues.</summary>
    public RunStatistics Figures => field ??= new RunStatistics([.. Unified, .. Outcomes]);

    /// <summary>The runs with a result that error and success rate count.</summary>
    public IReadOnlyList<IRunFacts> Rated => field ??= [.. Runs.Where(r => RunStatistics.IsCounted(r) && RunStatistics.CountsForRates(r))];
}

/// <summary>Reads from ledger and comparisons what gates and guard are evaluated by.</summary>
public sealed class EvidenceReader(IRunLedger ledger, IComparisonLog comparisons, RolloutPlan plan, TimeProvider time)
{
    private const int BaselineRuns = 1000;

    /// <summary>How many of the newest runs or decisions a hand-over rate counts.</summary>
    internal const int HandOverRuns = 200;

    /// <summary>With fewer there is no hand-over rate.</summary>
    internal const int HandOverMinimum = 20;

    /// <summary>Number of days whose legacy runs form the baseline.</summary>
    private static readonly TimeSpan BaselineSpan = TimeSpan.FromDays(14);

    /// <summary>How long before a phase a run or a comparison may have been made to count for what is expected of the phase.</summary>
    private static readonly TimeSpan LookbackBeforePhase = TimeSpan.FromDays(90);

    public async Task<Evidence> ReadAsync(RolloutState state, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<Criterion> gate = plan.Find(state.Phase)?.Gate ?? [];
        int commandDays = gate.Where(c => c.Measure == Measure.OldCommandCalls).Select(c => c.Days).DefaultIfEmpty(7).Max();

        IReadOnlyList<IRunFacts> records = await ledger.ReadFactsAsync(new LedgerQuery(From: state.EvidenceFrom), cancellationToken);
        return new Evidence
        {
            At = now,
            State = state,
            // A run that failed before the flags were read has no phase in its record.
            Runs = [.. records.Where(r => r.Kind == RunKind.Run && (r.Phase == state.Phase || RunStatistics.IsUnrouted(r)))],
            Outcomes = [.. records.Where(RunStatistics.IsOutcomeRecord)],
            UnifiedBefore = gate.FirstOrDefault(c => c.Measure == Measure.P95OverRunsBefore) is { } p95
                ? await ReadUnifiedBeforeAsync(state.PhaseSince, Math.Max(p95.Runs, p95.MinimumSample), cancellationToken)
                : [],
            Baseline = await BaselineAsync(cancellationToken),
            Comparisons = ConsistencyReport.Create(await comparisons.QueryAsync(state.EvidenceFrom, cancellationToken)),
            OldCommandCalls =
            [
                .. (await ledger.ReadFactsAsync(new LedgerQuery(From: now.AddDays(-commandDays)), cancellationToken))
                    .Where(r => r.Kind == RunKind.Command)
                    .Select(r => r.Started),
            ],
        };
    }

    /// <summary>The mean of legacy runs, at least the plan's floor.</summary>
    public async Task<Baseline> BaselineAsync(CancellationToken cancellationToken)
    {
        var query = new LedgerQuery(From: time.GetUtcNow() - BaselineSpan);
        IEnumerable<IRunFacts> legacy = (await ledger.ReadFactsAsync(query, cancellationToken))
            .Reverse()
            .Where(RunStatistics.IsLegacy)
            .Take(BaselineRuns);
        return Baseline.Create(new RunStatistics(legacy).Durations, plan.BaselineFloorSeconds);
    }

    /// <summary>Runs of the last day, or since <paramref name="countedThrough"/> if that is longer ago; ordered by start.</summary>
    /// <param name="countedThrough">Runs that ended until then are counted.</param>
    public async Task<IReadOnlyList<IRunFacts>> RecentAsync(DateTimeOffset countedThrough, CancellationToken cancellationToken)
    {
        DateTimeOffset day = time.GetUtcNow().AddDays(-1);
        DateTimeOffset from = countedThrough < day ? countedThrough : day;
        return
        [
            .. (await ledger.ReadFactsAsync(new LedgerQuery(From: from - LedgerQuery.LongestRun), cancellationToken))
                .Where(r => r.Kind == RunKind.Run && r.Ended > from),
        ];
    }

    /// <summary>Errors of the legacy runs that started since then.</summary>
    public async Task<Proportion> LegacyErrorsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        IReadOnlyList<IRunFacts> records = await ledger.ReadFactsAsync(new LedgerQuery(From: since), cancellationToken);
        return new RunStatistics(records.Where(RunStatistics.IsLegacy)).Errors;
    }

    /// <summary>
    /// The share of unified runs of the phase before that ended waiting. With fewer than 20, the same share of the unified decisions that
    /// comparisons made before the phase, with fewer than 20 of these that of a backtest's decisions; null with fewer than 20 of all.
    /// </summary>
    public async Task<double?> PreviousHandOverRateAsync(RolloutState state, CancellationToken cancellationToken) =>
        GetShare(await ReadRunHandOversAsync(state, cancellationToken))
        ?? GetShare(await ReadComparisonHandOversAsync(state, cancellationToken))
        ?? GetShare(await ReadBacktestHandOversAsync(state, cancellationToken));

    /// <summary>Returns whether each of the newest unified runs of the phase before was handed over.</summary>
    private async Task<IEnumerable<bool>> ReadRunHandOversAsync(RolloutState state, CancellationToken cancellationToken)
    {
        if (plan.Before(state.Phase) is not { } previous)
        {
            return [];
        }

        LedgerQuery query = new(From: state.PhaseSince - LookbackBeforePhase, Phase: previous.Name, Kind: RunKind.Run, NewestFirst: true);
        return (await ledger.ReadFactsAsync(query, cancellationToken))
            .Where(r => RunStatistics.IsUnified(r)
                && r.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Failed or RunOutcome.Critical)
            .Take(HandOverRuns)
            .Select(r => r.Outcome == RunOutcome.Waiting);
    }

    /// <summary>Returns whether each of the newest unified decisions of comparisons would hand the issue over.</summary>
    private async Task<IEnumerable<bool>> ReadComparisonHandOversAsync(RolloutState state, CancellationToken cancellationToken) =>
        (await comparisons.QueryAsync(state.PhaseSince - LookbackBeforePhase, cancellationToken))
            .Where(c => c.At < state.PhaseSince)
            .Select(c => c.Unified.IsHandedOver)
            .OfType<bool>()
            .TakeLast(HandOverRuns);

    /// <summary>Returns whether each decision of a backtest would hand its issue over; the last one of an issue counts.</summary>
    private async Task<IEnumerable<bool>> ReadBacktestHandOversAsync(RolloutState state, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(From: state.PhaseSince - LookbackBeforePhase, To: state.PhaseSince, Kind: RunKind.Comparison);
        return (await ledger.ReadFactsAsync(query, cancellationToken))
            .Where(r => r.RunId.StartsWith(RunRecord.BacktestIdPrefix, StringComparison.Ordinal)
                && r.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting)
            .GroupBy(r => r.Issue)
            .Select(issue => issue.Last().Outcome == RunOutcome.Waiting);
    }

    private static double? GetShare(IEnumerable<bool> handOvers)
    {
        bool[] all = [.. handOvers];
        return all.Length < HandOverMinimum ? null : (double)all.Count(handedOver => handedOver) / all.Length;
    }

    private async Task<IReadOnlyList<IRunFacts>> ReadUnifiedBeforeAsync(
        DateTimeOffset phaseSince, int count, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(phaseSince - LookbackBeforePhase, phaseSince, Kind: RunKind.Run, NewestFirst: true);
        return await ledger.QueryAsync(query, cancellationToken)
            .Where(r => RunStatistics.IsUnified(r) && RunStatistics.HasDuration(r))
            .Take(count)
            .ToListAsync(cancellationToken);
    }
}
