using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Reads the rollout's status.</summary>
public sealed class RolloutStatusReader(
    RolloutStateRepository states,
    RolloutControl control,
    FlagSource flags,
    IRunLedger ledger,
    MetricsReader metrics,
    Announcer announcer,
    TimeProvider time)
{
    private const int Events = 6;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<RolloutStatus> ReadAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        FlagSnapshot snapshot = await flags.CurrentAsync(cancellationToken);
        var context = new OperationContext(state, states.Plan, snapshot)
        {
            Criteria = await control.GateAsync(state, cancellationToken),
        };
        DateTimeOffset now = time.GetUtcNow();
        Dictionary<string, FlagDrift> drift = context.Drift.ToDictionary(d => d.Flag);
        return new RolloutStatus
        {
            At = now,
            Phase = state.Phase,
            Title = context.KnownPhase?.Title ?? "not in the plan",
            Phases = [.. states.Plan.Phases.Select(p => p.Name)],
            Since = state.PhaseSince,
            EvidenceFrom = state.EvidenceFrom,
            Frozen = state.Frozen,
            RolledBack = state.RolledBack,
            Transition = state.Transition is { } t
                ? $"{t.What} by {t.By} at {t.At:u}{(t.Problem.Length == 0 ? string.Empty : $": {t.Problem}")}"
                : string.Empty,
            FlagsRevision = snapshot.Revision,
            Flags =
            [
                .. FlagNames.All.Select(f => new FlagLine(
                    f, snapshot.GetSetting(f).ToString(), drift.GetValueOrDefault(f)?.Wanted ?? string.Empty)),
            ],
            FlagProblems = flags.Health.Problems,
            Cohorts = await CohortsAsync(cancellationToken),
            Gate = context.Criteria,
            MissedTargets = context.KnownPhase is { Gate.Count: 0 } known && known == states.Plan.Phases[^1]
                ? await ReadMissedTargetsAsync(cancellationToken)
                : [],
            Guard = state.Guard,
            GuardRoundAt = state.GuardRoundAt,
            GuardProblem = GuardLiveness.Problem(state, now),
            Incidents = [.. state.Incidents.Where(i => i.IsOpen)],
            Events = await states.ReadAuditAsync(Events, cancellationToken),
            AnnouncementsWaiting = state.Outbox.Count,
            ChannelsMissing = announcer.MissingChannels,
            Next = Next(context),
        };
    }

    /// <summary>The one thing to do next, derived from what is missing.</summary>
    public static string Next(OperationContext context) => context switch
    {
        { KnownPhase: null } => OperationContext.DescribeUnknownPhase(context.State.Phase),
        { State.Transition: { } transition } => transition.Problem.Length == 0
            ? "Wait: flags are being written."
            : $"Flags could not all be written ({transition.Problem}); the guard tries again each minute.",
        { State.Incidents: var incidents } when incidents.FirstOrDefault(i => i is { IsOpen: true, Acknowledged: null }) is { } incident =>
            $"incidents acknowledge {incident.Id}",
        { State.RolledBack: { } mark } => $"Fix the cause of the {mark.Title}, then: rollout resume --reason \"…\"",
        { State.Frozen: not null } => "rollout unfreeze, when the reason to freeze is gone",
        { Drift.Count: > 0 } => "Flags differ from the plan: put them back, or: rollout resume --overwrite-drift --reason \"…\"",
        _ when context.Plan.After(context.State.Phase) is null => "Nothing: the rollout is complete. Watch the targets: report",
        { GateIsMet: true } => $"The gate is met: rollout advance (to '{context.Plan.After(context.State.Phase)!.Name}')",
        _ => NextForGate(context),
    };

    private static string NextForGate(OperationContext context)
    {
        (Criterion Criterion, CriterionResult Result)[] missing =
        [
            .. context.Phase.Gate.Join(context.Criteria, c => c.Id, r => r.Id, (c, r) => (c, r))
                .Where(x => x.r.State != CriterionState.Met),
        ];
        if (missing.FirstOrDefault(m => m.Result.State == CriterionState.Unmet) is { Result: { } unmet } failed)
        {
            return FindOpenIncident(context.State, failed.Criterion) is { } open
                ? $"When the fix is confirmed, resolve the incident: incidents resolve {open.Id} --reason \"…\""
                : $"Not met: {unmet.Title} ({unmet.Value}, target {unmet.Target}). {ForUnmet(failed.Criterion, unmet)}";
        }

        // What brings data comes before what only time or people bring.
        string[] steps = [.. missing.Select(m => ForOpen(context, m.Criterion, m.Result)).OfType<string>()];
        (Criterion Criterion, CriterionResult Result) first = missing.FirstOrDefault(m => m.Criterion.Confirm is not null);
        (Criterion Criterion, CriterionResult Result) measured = missing.FirstOrDefault(m => m.Criterion.Confirm is null);
        return steps.Length > 0 ? steps[0]
            : measured.Result is { } waiting ? ForWaiting(measured.Criterion, waiting)
            : $"{first.Criterion.Confirm} Then: rollout confirm {first.Criterion.Id} --reason \"…\"";
    }

    /// <summary>Returns an open incident because of which a criterion is not met, or null.</summary>
    private static Incident? FindOpenIncident(RolloutState state, Criterion criterion) => criterion.Measure switch
    {
        Measure.OpenIncidents => state.Incidents.FirstOrDefault(i => i.IsOpen),
        Measure.Incidents => state.Incidents.FirstOrDefault(i => i.IsOpen && i.CountsSince(state.EvidenceFrom)),
        _ => null,
    };

    private static string ForWaiting(Criterion criterion, CriterionResult result)
    {
        string detail = result.Detail.Length > 0 ? $" ({result.Detail})" : string.Empty;
        string faster = criterion.Measure is Measure.ComparedIssues && result.Sample == 0
            ? " To get data at once: compare --sample 20 (compares existing issues)."
            : string.Empty;
        return $"Wait for more data: {result.Title}, now {result.Value}, target {result.Target}{detail}.{faster} "
            + "For an estimate: rollout forecast";
    }

    private static string ForUnmet(Criterion criterion, CriterionResult result) => criterion.Measure switch
    {
        Measure.BetaIssuesAsExpected => $"Fix the cause, then run it again: {result.Detail}",
        Measure.Consistency => "Look at each difference: compare. Fix a bug, or accept an improvement with its reason; " +
            "then rollout reset-evidence --reason \"…\"",
        Measure.Incidents => $"Incidents count until the evidence is reset ({result.Detail}). " +
            "When the cause is fixed: rollout reset-evidence --reason \"…\"",
        Measure.ErrorRate => "Fix the cause; rollout forecast shows how many error-free runs it still needs.",
        _ => "Fix the cause, then, if earlier errors should no longer count: rollout reset-evidence --reason \"…\"",
    };

    private static string? ForOpen(OperationContext context, Criterion criterion, CriterionResult result) => criterion.Measure switch
    {
        Measure.BetaIssuesAsExpected => context.State.BetaIssues.Count == 0
            ? "rollout beta-issues opens the test issues of this phase"
            : $"process-pipeline --issue owner/name#N for each beta issue that is missing: {result.Detail}",
        Measure.ComparedIssues or Measure.Consistency when !context.Phase.Flags.Comparison => "compare --sample 20",
        _ => null,
    };

    private async Task<IReadOnlyList<MetricFigure>> ReadMissedTargetsAsync(CancellationToken cancellationToken) =>
        [.. (await metrics.ReadAsync(Day, cancellationToken)).Figures.Where(f => f.Status == MetricFigure.Missed)];

    private async Task<CohortCount> CohortsAsync(CancellationToken cancellationToken)
    {
        HashSet<string> unified = [];
        HashSet<string> legacy = [];
        var lastDay = new LedgerQuery(From: time.GetUtcNow() - Day, Kind: RunKind.Run);
        foreach (IRunFacts run in await ledger.ReadFactsAsync(lastDay, cancellationToken))
        {
            if (run.Outcome != RunOutcome.Skipped && run.Route is not null)
            {
                (RunStatistics.IsUnified(run) ? unified : legacy).Add(run.Issue);
            }
        }

        return new CohortCount(unified.Count, legacy.Count);
    }
}
