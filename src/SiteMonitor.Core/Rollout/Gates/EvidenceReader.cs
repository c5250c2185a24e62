using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Reads from the ledger what gates and guard are judged by.</summary>
public sealed class EvidenceReader(IRunLedger ledger, IComparisonLog comparisons, RolloutPlan plan, TimeProvider time)
{
    /// <summary>Legacy runs this far back make the baseline.</summary>
    private static readonly TimeSpan BaselineSpan = TimeSpan.FromDays(14);
    private const int BaselineRuns = 1000;

    /// <summary>Runs wait for rate limits up to six hours; one that ended within a span may have begun so much before it.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(8);

    public async Task<Evidence> ReadAsync(RolloutState state, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();

        // A run that failed before the flags were asked has no phase in its record.
        IReadOnlyList<RunRecord> runs = await ListAsync(new LedgerQuery(From: state.EvidenceFrom, Kind: RunKind.Run), r => r.Phase == state.Phase || RunStatistics.IsUnrouted(r), cancellationToken);
        return new Evidence
        {
            At = now,
            State = state,
            Runs = runs,
            Unified = [.. runs.Where(RunStatistics.IsUnified)],
            Baseline = await BaselineAsync(cancellationToken),
            Comparisons = ConsistencyReport.Create(await comparisons.QueryAsync(state.EvidenceFrom, cancellationToken)),
            OldCommandCalls = [.. (await ListAsync(new LedgerQuery(From: now - LongestLookBack(state.Phase), Kind: RunKind.Command), _ => true, cancellationToken)).Select(r => r.Started)],
        };
    }

    /// <summary>The mean of legacy runs, at least the plan's floor.</summary>
    public async Task<Baseline> BaselineAsync(CancellationToken cancellationToken)
    {
        var query = new LedgerQuery(From: time.GetUtcNow() - BaselineSpan, Kind: RunKind.Run, NewestFirst: true);
        List<RunRecord> legacy = [];
        await foreach (RunRecord run in ledger.QueryAsync(query, cancellationToken))
        {
            if (RunStatistics.IsLegacy(run))
            {
                legacy.Add(run);
            }

            if (legacy.Count == BaselineRuns)
            {
                break;
            }
        }

        return Baseline.Create(new RunStatistics(legacy).Durations, plan.BaselineFloorSeconds);
    }

    /// <summary>Runs of either logic that ended within the guard's longest window, by their start.</summary>
    public Task<IReadOnlyList<RunRecord>> RecentAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset from = time.GetUtcNow() - TimeSpan.FromHours(plan.Guard.WindowHours);
        return ListAsync(new LedgerQuery(From: from - LongestRun, Kind: RunKind.Run), r => r.Ended > from, cancellationToken);
    }

    private TimeSpan LongestLookBack(string phase) =>
        TimeSpan.FromDays((plan.Find(phase)?.Gate ?? []).Where(c => c.Measure == Measure.OldCommandCalls).Select(c => c.Days).DefaultIfEmpty(7).Max());

    private async Task<IReadOnlyList<RunRecord>> ListAsync(LedgerQuery query, Func<RunRecord, bool> wanted, CancellationToken cancellationToken)
    {
        List<RunRecord> runs = [];
        await foreach (RunRecord run in ledger.QueryAsync(query, cancellationToken))
        {
            if (wanted(run))
            {
                runs.Add(run);
            }
        }

        return runs;
    }
}

/// <summary>What a gate is judged by, read at one moment.</summary>
public sealed record Evidence
{
    public required DateTimeOffset At { get; init; }

    public required RolloutState State { get; init; }

    /// <summary>Runs of this phase since the evidence began, of either logic, and those that failed before the flags were asked; oldest first.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>Of these, the ones that the new logic had a part in.</summary>
    public required IReadOnlyList<RunRecord> Unified { get; init; }

    public required Baseline Baseline { get; init; }

    /// <summary>Comparisons since the evidence began.</summary>
    public required ConsistencyReport Comparisons { get; init; }

    /// <summary>Calls of old commands, oldest first, over the longest look back of a criterion.</summary>
    public required IReadOnlyList<DateTimeOffset> OldCommandCalls { get; init; }
}
