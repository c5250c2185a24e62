using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Forecast;

/// <summary>Reads ledger, flags and state into the rollout's forecast.</summary>
public sealed class ForecastReader(
    RolloutStateRepository states, EvidenceReader evidence, IRunLedger ledger, FlagSource flags, TimeProvider time)
{
    private static readonly TimeSpan TrafficSpan = TimeSpan.FromDays(7);

    /// <summary>Forecasts the gate of the current phase.</summary>
    /// <exception cref="InvalidOperationException">The plan does not have the phase the rollout is in.</exception>
    public async Task<RolloutForecast> ReadAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        PhasePlan phase = states.Plan.Find(state.Phase)
            ?? throw new InvalidOperationException(OperationContext.DescribeUnknownPhase(state.Phase));
        FlagSnapshot snapshot = await flags.CurrentAsync(cancellationToken);
        bool rollsBack = snapshot.GetSetting(FlagNames.AutomaticRollback).Enabled;
        return await ReadAsync(state, phase, rollsBack, backlogPerDay: 0, cancellationToken);
    }

    /// <summary>Forecasts the gate of the phase that an advance would enter, as if it began now.</summary>
    /// <param name="backlogPerDay">Issues of the backlog that would be started a day.</param>
    public async Task<RolloutForecast> ReadNextAsync(PhasePlan next, double backlogPerDay, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        state = state with { Phase = next.Name, PhaseSince = now, EvidenceFrom = now, SoakFrom = now };
        double? handOverRate = await evidence.PreviousHandOverRateAsync(state, cancellationToken);
        state = state with { Guard = GuardState.Empty with { HandOverRate = handOverRate } };
        return await ReadAsync(state, next, next.Flags.AutomaticRollback, backlogPerDay, cancellationToken);
    }

    private async Task<RolloutForecast> ReadAsync(
        RolloutState state, PhasePlan phase, bool rollsBack, double backlogPerDay, CancellationToken cancellationToken)
    {
        Evidence facts = await evidence.ReadAsync(state, cancellationToken);
        TrafficRates traffic = await ReadTrafficAsync(state, phase, facts, backlogPerDay, cancellationToken);
        IReadOnlyList<CriterionForecast> gate = ForecastCalculator.ForGate(phase, Gate.Evaluate(phase, state, facts), facts, traffic);
        CriterionForecast[] open = [.. gate.Where(c => c.State != CriterionState.Met)];
        return new RolloutForecast
        {
            At = facts.At,
            Phase = state.Phase,
            Traffic = traffic,
            Gate = gate,
            GateMetAt = open.All(c => c.At is not null) ? open.Max(c => c.At) : null,
            Guard = ForecastCalculator.ForGuard(states.Plan.Guard, traffic),
            Never = [.. gate.Where(c => c.Never).Select(c => $"{c.Id}: {c.When}"), .. FindSilentSignals(state, rollsBack, traffic)],
        };
    }

    private async Task<TrafficRates> ReadTrafficAsync(
        RolloutState state, PhasePlan phase, Evidence facts, double backlogPerDay, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<IRunFacts> week = await ledger.ReadFactsAsync(
            new LedgerQuery(From: now - TrafficSpan, Kind: RunKind.Run), cancellationToken);
        if (week.Count == 0)
        {
            return new TrafficRates(0, backlogPerDay, 0, $"no run in the last 7 days{DescribeBacklog(backlogPerDay)}");
        }

        double days = Math.Max(1, (now - week[0].Started).TotalDays);
        double issues =
            week.Where(r => r.Route is not null && r.Outcome != RunOutcome.Skipped).Select(r => r.Issue).Distinct().Count() / days;
        double since = (now - state.EvidenceFrom).TotalDays;
        double compared = facts.Comparisons.Compared + facts.Comparisons.Unmatched == 0
            ? 1
            : (double)facts.Comparisons.Compared / (facts.Comparisons.Compared + facts.Comparisons.Unmatched);
        double comparedPerDay = phase.Flags.Comparison ? issues * compared : 0;
        return since >= 1
            ? new TrafficRates(issues,
                new RunStatistics(facts.Unified).Counted.Count(r => r.Ended > now - TrafficSpan) / Math.Min(since, TrafficSpan.TotalDays),
                comparedPerDay, "the runs of this phase, at most 7 days")
            : new TrafficRates(
                issues,
                ((issues * phase.Flags.UnifiedPipeline.Percentage) / 100) + backlogPerDay,
                comparedPerDay,
                "the issues of the last 7 days and this phase's percentage" + DescribeBacklog(backlogPerDay));
    }

    private static IEnumerable<string> FindSilentSignals(RolloutState state, bool rollsBack, TrafficRates traffic)
    {
        if (traffic.UnifiedRuns == 0)
        {
            yield return "every guard signal but lost text: no unified run comes, so none can be counted";
        }
        else if (state.Guard.HandOverRate is null)
        {
            yield return $"{GuardSignals.HandOver}: the hand-over rate of the phase before is not known";
        }

        if (!rollsBack)
        {
            yield return $"automatic rollback: the flag {FlagNames.AutomaticRollback} is off, so a signal only opens an incident";
        }
    }

    private static string DescribeBacklog(double perDay) => perDay > 0 ? Text($", with {perDay:0.#} of the backlog a day") : string.Empty;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
