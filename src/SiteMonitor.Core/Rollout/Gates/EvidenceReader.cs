using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Rollout.Statistics;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Reads from the ledger what gates and guard are judged by.</summary>
public sealed class EvidenceReader(IRunLedger ledger, IComparisonLog comparisons, RolloutPlan plan, TimeProvider time)
{
    /// <summary>Legacy runs this far back make the baseline.</summary>
    private static readonly TimeSpan BaselineSpan = TimeSpan.FromDays(14);
    private const int BaselineRuns = 1000;

    public async Task<Evidence> ReadAsync(RolloutState state, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Evidence
        {
            At = now,
            State = state,
            Unified = await ListAsync(new LedgerQuery(From: state.EvidenceFrom, Phase: state.Phase, Kind: RunKind.Run), RunFigures.IsUnified, cancellationToken),
            Baseline = await BaselineAsync(cancellationToken),
            Comparisons = ConsistencyReport.Of(await comparisons.QueryAsync(state.EvidenceFrom, cancellationToken)),
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
            if (RunFigures.IsLegacy(run))
            {
                legacy.Add(run);
            }

            if (legacy.Count == BaselineRuns)
            {
                break;
            }
        }

        return Baseline.Of(new RunFigures(legacy).Durations, plan.BaselineFloorSeconds);
    }

    /// <summary>Unified runs of the guard's longest window, oldest first.</summary>
    public Task<IReadOnlyList<RunRecord>> RecentUnifiedAsync(RolloutState state, CancellationToken cancellationToken)
    {
        // A run is in the window by its end; one that took long began before it.
        DateTimeOffset longest = time.GetUtcNow() - TimeSpan.FromHours(plan.Guard.WindowHours);
        DateTimeOffset from = longest > state.GuardFrom ? longest : state.GuardFrom;
        return ListAsync(new LedgerQuery(From: from, Kind: RunKind.Run), RunFigures.IsUnified, cancellationToken);
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
