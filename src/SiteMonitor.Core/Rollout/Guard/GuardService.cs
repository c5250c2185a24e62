using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>What the guard does each minute: finishes a change of flags that was cut short, notes flags changed outside, looks at the window and rolls back where it must. A failure to measure changes nothing.</summary>
public sealed class GuardService(RolloutStates states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions, TimeProvider time)
{
    public const string Name = "guard";
    private const int Tries = 5;
    private static readonly TimeSpan StampEvery = TimeSpan.FromMinutes(2);

    public async Task<GuardResult> RunAsync(CancellationToken cancellationToken)
    {
        TransitionResult? finished = await transitions.FinishAsync(cancellationToken);
        for (int i = 0; i < Tries; i++)
        {
            StoredState read = await states.ReadAsync(cancellationToken);
            var situation = new OperationContext { State = read.State, Plan = states.Plan, Flags = await flags.RefreshAsync(cancellationToken), Now = time.GetUtcNow() };
            if (await RecordDriftAsync(read, situation, cancellationToken) is not { } stored)
            {
                continue;
            }

            var edit = new RolloutEdit(stored.State, situation.Now);
            RollbackDecision? verdict = await EvaluateAsync(situation, edit, cancellationToken);
            (edit, bool rolledBack) = verdict is null ? (edit, false) : Act(situation with { State = edit.State }, edit, verdict);
            Stamp(edit);
            if (edit.IsEmpty || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                TransitionResult? written = ReferenceEquals(edit.State.Transition, read.State.Transition) ? finished : await transitions.FinishAsync(cancellationToken);
                return new GuardResult(edit.State.Guard.Observation, verdict, rolledBack, written?.Problem ?? string.Empty);
            }
        }

        return new GuardResult("others keep changing the rollout; the next round looks again", null, false, string.Empty);
    }

    // Saved by itself: a ledger that cannot be read must not lose what somebody changed outside, least of all a rollback by hand. Null when somebody else saved first.
    // Flags as they were before our own last change of them say nothing of what others did: the store has not answered since.
    private async Task<StoredState?> RecordDriftAsync(StoredState stored, OperationContext situation, CancellationToken cancellationToken)
    {
        if (stored.State.Transition is not null || situation.Flags.ReadAt < stored.State.GuardFrom || situation.KnownPhase is null)
        {
            return stored;
        }

        var edit = new RolloutEdit(stored.State, situation.Now);
        DriftDetector.Record(situation, edit);
        return edit.IsEmpty ? stored : await states.SaveAsync(edit, stored.Version, cancellationToken);
    }

    private async Task<RollbackDecision?> EvaluateAsync(OperationContext situation, RolloutEdit edit, CancellationToken cancellationToken)
    {
        // What is in force counts, not what is on record: a change of flags that cannot be finished, or a flag switched on outside, leaves runs to watch.
        bool takingBack = edit.State is { Transition: not null, RolledBack.Kind: RollbackKind.Full };
        bool isOn = !takingBack && FlagSettingConverter.Read(situation.Flags, FlagNames.UnifiedPipeline).Enabled;
        if (!isOn && edit.State.RolledBack is null)
        {
            return null;
        }

        IReadOnlyList<RunRecord> runs = await evidence.RecentAsync(cancellationToken);
        string unrouted = UnroutedRunsDetector.Record(runs, situation.Plan.Guard, edit);
        IReadOnlyList<RunRecord> lost = LostTextDetector.TakeNew(runs, edit);
        if (!isOn)
        {
            LostTextDetector.Announce(lost, edit);
            return null;
        }

        if (lost.Count > 0)
        {
            RollbackDecision verdict = LostTextDetector.Decide(lost);
            edit.State = edit.State with { Guard = GuardState.Empty with { EvaluatedAt = situation.Now, Observation = verdict.Message } };
            return verdict;
        }

        return await EvaluateRunsAsync(situation, edit, runs, unrouted, cancellationToken);
    }

    private async Task<RollbackDecision?> EvaluateRunsAsync(OperationContext situation, RolloutEdit edit, IReadOnlyList<RunRecord> runs, string unrouted, CancellationToken cancellationToken)
    {
        RolloutState state = edit.State;
        RunRecord[] judged = [.. runs.Where(r => r.Started >= state.GuardFrom && RunStatistics.IsUnified(r))];
        if (judged.Length == 0 && state.Guard.Streaks.Count == 0 && unrouted.Length == 0)
        {
            return null;
        }

        Baseline baseline = await evidence.BaselineAsync(cancellationToken);
        GuardEvaluation look = GuardEvaluator.Evaluate(
            state.Guard,
            GuardWindow.Of(judged, situation.Plan.Guard, situation.Now),
            situation.Plan.Guard,
            situation.KnownPhase?.GuardMinimumRuns ?? situation.Plan.Guard.MinimumRuns,
            baseline,
            canFallBack: state.RolledBack is null,
            situation.Now);
        GuardState memory = unrouted.Length == 0 ? look.State : look.State with { Observation = $"{look.State.Observation}; {unrouted}" };
        if (!memory.IsEquivalentTo(state.Guard))
        {
            edit.State = state with { Guard = memory };
        }

        return look.Decision;
    }

    private static (RolloutEdit Edit, bool RolledBack) Act(OperationContext situation, RolloutEdit edit, RollbackDecision verdict)
    {
        if (!FlagSettingConverter.Read(situation.Flags, FlagNames.AutomaticRollback).Enabled)
        {
            OpenIncident(edit, verdict);
            return (edit, false);
        }

        // The audit entries drawn up so far go along with the rollback.
        OperationDraft draft = RollbackOperation.Prepare(situation, verdict.Stages, Name, verdict.Message);
        return draft.Edit is null ? (edit, false) : (draft.Edit.PrependEntriesOf(edit), true);
    }

    // Said once for each trigger, as long as its incident is open; a text lost is said each time.
    private static void OpenIncident(RolloutEdit edit, RollbackDecision verdict)
    {
        if (GuardIncidents.Find(edit, verdict.Signal) is not { } open)
        {
            GuardIncidents.Report(
                edit, verdict.Signal, $"The guard would roll back ({verdict.Signal}), but {FlagNames.AutomaticRollback} is off", [$"It saw: {verdict.Message}", "Decide: rollout rollback --reason \"…\""]);
        }
        else if (verdict.Signal == GuardSignals.TextLost)
        {
            GuardIncidents.Update(edit, open, $"It saw: {verdict.Message}");
        }
    }

    // A sign that the timer runs, also while nothing changes; not each minute, since every save makes others read again.
    private static void Stamp(RolloutEdit edit)
    {
        if (!edit.IsEmpty || edit.State.GuardRoundAt is not { } last || edit.Now - last >= StampEvery)
        {
            edit.State = edit.State with { GuardRoundAt = edit.Now };
        }
    }
}

/// <summary>What came of a round of the guard.</summary>
/// <param name="Observation">For people.</param>
/// <param name="Decision">Null when there was no reason to roll back.</param>
/// <param name="RolledBack">Whether it did; false beside a verdict: it would have, but automatic rollback is off or all of it is taken back already.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardResult(string Observation, RollbackDecision? Decision, bool RolledBack, string Problem);
