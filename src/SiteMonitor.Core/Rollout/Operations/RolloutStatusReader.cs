using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Announcements;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Puts the rollout's status together.</summary>
public sealed class RolloutStatusReader(RolloutStates states, RolloutControl control, FlagSource flags, IRunLedger ledger, Announcer announcer, TimeProvider time)
{
    private const int Events = 6;

    public async Task<RolloutStatus> ReadAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        FlagSnapshot snapshot = await flags.CurrentAsync(cancellationToken);
        var situation = new OperationContext
        {
            State = state,
            Plan = states.Plan,
            Flags = snapshot,
            Criteria = await control.GateAsync(state, cancellationToken),
            Now = time.GetUtcNow(),
        };
        Dictionary<string, FlagDrift> drift = situation.Drift.ToDictionary(d => d.Flag);
        return new RolloutStatus
        {
            At = situation.Now,
            Phase = state.Phase,
            Title = situation.KnownPhase?.Title ?? "not in the plan",
            Phases = [.. states.Plan.Phases.Select(p => p.Name)],
            Since = state.PhaseSince,
            EvidenceFrom = state.EvidenceFrom,
            Frozen = state.Frozen,
            RolledBack = state.RolledBack,
            Transition = state.Transition is { } t ? $"{t.What} by {t.By} at {t.At:u}{(t.Problem.Length == 0 ? string.Empty : $": {t.Problem}")}" : string.Empty,
            FlagsRevision = snapshot.Revision,
            Flags = [.. FlagNames.All.Select(f => new FlagLine(f, FlagSettingConverter.Read(snapshot, f).ToString(), drift.GetValueOrDefault(f)?.Wanted ?? string.Empty))],
            FlagProblems = flags.Health.Problems,
            Cohorts = await CohortsAsync(cancellationToken),
            Gate = situation.Criteria,
            Guard = state.Guard,
            GuardRoundAt = state.GuardRoundAt,
            GuardProblem = GuardLiveness.Problem(state, situation.Now),
            Incidents = [.. state.Incidents.Where(i => i.IsOpen)],
            Events = await states.ReadAuditAsync(Events, cancellationToken),
            AnnouncementsWaiting = state.Outbox.Count,
            ChannelsMissing = announcer.MissingChannels,
            Next = Next(situation),
        };
    }

    /// <summary>The one thing to do next.</summary>
    public static string Next(OperationContext situation) => situation switch
    {
        { PhaseProblem: { Length: > 0 } problem } => problem,
        { State.Transition: { } transition } => transition.Problem.Length == 0 ? "Wait: flags are being written." : $"Flags could not all be written ({transition.Problem}); the guard tries again each minute.",
        { State.Incidents: var incidents } when incidents.FirstOrDefault(i => i is { IsOpen: true, Acknowledged: null }) is { } incident => $"incidents acknowledge {incident.Id}",
        { State.RolledBack: { } mark } => $"Mend the cause of the {mark.Title}, then: rollout resume --reason \"…\"",
        { State.Frozen: not null } => "rollout resume, when the reason to hold is gone",
        { Drift.Count: > 0 } => "Flags differ from the plan: put them back, or let rollout resume --overwrite-drift do it.",
        _ when situation.Plan.After(situation.State.Phase) is not { } next => "Nothing: the rollout is complete. Watch the targets: report",
        { GateIsMet: true } => $"The gate is met: rollout advance (to '{situation.Plan.After(situation.State.Phase)!.Name}')",
        _ => DescribeMissing(situation),
    };

    private static string DescribeMissing(OperationContext situation)
    {
        if (situation.Criteria.FirstOrDefault(c => c.State == CriterionState.Unmet) is { } unmet)
        {
            return $"Not met: {unmet.Title} ({unmet.Value}, target {unmet.Target}). Mend it, then perhaps: rollout reset-evidence --reason \"…\"";
        }

        Criterion? toConfirm = situation.Phase.Gate.FirstOrDefault(c => c.Confirm is not null && situation.Criteria.Any(r => r.Id == c.Id && r.State == CriterionState.Open));
        return toConfirm is not null && situation.Criteria.All(c => c.State == CriterionState.Met || situation.Phase.Gate.First(g => g.Id == c.Id).Confirm is not null)
            ? $"{toConfirm.Confirm} Then: rollout confirm {toConfirm.Id} --reason \"…\""
            : "Wait for data: rollout gate shows what is missing.";
    }

    private async Task<CohortCount> CohortsAsync(CancellationToken cancellationToken)
    {
        HashSet<string> unified = [];
        HashSet<string> legacy = [];
        await foreach (RunRecord run in ledger.QueryAsync(new LedgerQuery(From: time.GetUtcNow().AddDays(-1), Kind: RunKind.Run), cancellationToken))
        {
            if (run.Outcome != RunOutcome.Skipped && run.Route is { } route)
            {
                (route == Logic.Unified ? unified : legacy).Add(run.Issue);
            }
        }

        return new CohortCount(unified.Count, legacy.Count);
    }
}
