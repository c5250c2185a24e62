using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Control.Operations;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Rollout.Statistics;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What the guard does each minute: finishes a change of flags that was cut short, notes flags changed outside, looks at the window and rolls back where it must. A failure to measure changes nothing.</summary>
public sealed class GuardRound(RolloutStates states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions, TimeProvider time)
{
    public const string Name = "guard";
    private const int Tries = 5;

    public async Task<GuardReport> RunAsync(CancellationToken cancellationToken)
    {
        FlagWriteReport? finished = await transitions.FinishAsync(cancellationToken);
        for (int i = 0; i < Tries; i++)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            FlagSnapshot snapshot = await flags.RefreshAsync(cancellationToken);
            var situation = new Situation { State = stored.State, Plan = states.Plan, Flags = snapshot, Now = time.GetUtcNow() };
            var edit = new RolloutEdit(stored.State, situation.Now);
            if (stored.State.Transition is null && flags.Health.ReadAt is not null)
            {
                DriftWatch.Note(situation, edit);
            }

            GuardVerdict? verdict = await LookAsync(situation, edit, cancellationToken);
            if (verdict is not null)
            {
                edit = Act(situation with { State = edit.State }, edit, verdict);
            }

            if (edit.IsEmpty || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                FlagWriteReport? written = ReferenceEquals(edit.State.Transition, stored.State.Transition) ? finished : await transitions.FinishAsync(cancellationToken);
                return new GuardReport(edit.State.Guard.Saw, verdict, written?.Problem ?? string.Empty);
            }
        }

        return new GuardReport("others keep changing the rollout; the next round looks again", null, string.Empty);
    }

    private async Task<GuardVerdict?> LookAsync(Situation situation, RolloutEdit edit, CancellationToken cancellationToken)
    {
        RolloutState state = edit.State;

        // What is in force counts, not what is on record: a change of flags that cannot be finished, or a flag switched on outside, leaves runs to watch.
        bool takingBack = state is { Transition: not null, RolledBack.Kind: RollbackKind.Full };
        if (takingBack || !FlagDesign.Read(situation.Flags, FlagNames.UnifiedPipeline).Enabled)
        {
            return null;
        }

        IReadOnlyList<RunRecord> runs = await evidence.RecentUnifiedAsync(state, cancellationToken);
        if (runs.Count == 0 && state.Guard.Streaks.Count == 0)
        {
            return null;
        }

        Baseline baseline = await evidence.BaselineAsync(cancellationToken);
        GuardLook look = GuardJudge.Look(
            state.Guard,
            GuardWindow.Of(runs, situation.Plan.Guard, situation.Now),
            situation.Plan.Guard,
            situation.Phase.GuardMinimumRuns ?? situation.Plan.Guard.MinimumRuns,
            baseline,
            canFallBack: state.RolledBack is null,
            situation.Now);
        if (!look.Memory.Tells(state.Guard))
        {
            edit.State = state with { Guard = look.Memory };
        }

        return look.Verdict;
    }

    private static RolloutEdit Act(Situation situation, RolloutEdit edit, GuardVerdict verdict)
    {
        if (!FlagDesign.Read(situation.Flags, FlagNames.AutomaticRollback).Enabled)
        {
            // Said once per incident; a person has to act.
            if (!edit.State.Incidents.Any(i => i.IsOpen && i.OpenedBy == Name))
            {
                edit.OpenIncident($"The guard would roll back, but {FlagNames.AutomaticRollback} is off", Name, [$"It saw: {verdict.Message}", "Decide: rollout rollback --reason \"…\""]);
            }

            return edit;
        }

        // The audit entries drawn up so far (drift) go along with the rollback.
        Draft draft = RollBack.Of(situation, verdict.Stages, Name, verdict.Message);
        return draft.Edit is null ? edit : draft.Edit.Following(edit);
    }
}
