using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Result of one round of the guard.</summary>
/// <param name="Observation">The signals in one line, as display text.</param>
/// <param name="Decision">The first signal that fired, with the message of each; null when there was no reason to roll back.</param>
/// <param name="RolledBack">False beside a decision: automatic rollback is off, or everything is taken back already.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardResult(string Observation, FiredSignal? Decision, bool RolledBack, string Problem);

/// <summary>
/// Finishes a change of flags that was cut short, detects flags changed outside, evaluates new runs and rolls back when a signal fires.
/// Runs each minute and after each recorded run; a failure to read the ledger changes nothing.
/// </summary>
public sealed class GuardService(RolloutStateRepository states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions)
{
    /// <summary>Minimum number of legacy runs for a comparison with them.</summary>
    private const int LegacyControlRuns = 3;

    private static readonly TimeSpan StampEvery = TimeSpan.FromMinutes(2);

    public async Task<GuardResult> RunAsync(CancellationToken cancellationToken)
    {
        TransitionResult written = await transitions.FinishAsync(cancellationToken);
        string? pending = (await states.ReadAsync(cancellationToken)).State.Transition?.Id;
        await states.UpdateAsync(RecordDriftAsync, cancellationToken);
        FiredSignal? decision = null;
        bool rolledBack = false;
        RolloutState? after = await states.UpdateAsync(
            async (edit, token) =>
            {
                OperationContext context = await ReadContextAsync(edit, token);
                decision = await EvaluateAsync(context, edit, token);
                rolledBack = decision is not null && RollBack(context, edit, decision);
                Stamp(edit);
            },
            cancellationToken);
        if (after is null)
        {
            return new GuardResult("others keep changing the rollout; the next round evaluates again", null, false, string.Empty);
        }

        if (after.Transition?.Id != pending)
        {
            written = await transitions.FinishAsync(cancellationToken);
        }

        return new GuardResult(after.Guard.Observation, decision, rolledBack, written.Problem);
    }

    private async Task<OperationContext> ReadContextAsync(RolloutEdit edit, CancellationToken cancellationToken) =>
        new(edit.State, states.Plan, await flags.RefreshAsync(cancellationToken));

    // Saved by itself: when the ledger cannot be read, a rollback by hand must not be lost.
    // Flags read before our own last change of them are older than it: the store has not answered since.
    private async Task RecordDriftAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        OperationContext context = await ReadContextAsync(edit, cancellationToken);
        if (edit.State.Transition is null && context.Flags.ReadAt >= edit.State.GuardFrom && context.KnownPhase is not null)
        {
            DriftRecorder.Record(context, edit);
        }
    }

    private async Task<FiredSignal?> EvaluateAsync(OperationContext context, RolloutEdit edit, CancellationToken cancellationToken)
    {
        // The flags in force count, not the recorded ones: a change that cannot be finished, or a flag switched on outside, leaves runs to
        // watch.
        bool isRollingBack = edit.State is { Transition: not null, RolledBack.Kind: RollbackKind.Full };
        bool isOn = !isRollingBack && context.Flags.GetSetting(FlagNames.UnifiedPipeline).Enabled;
        IReadOnlyList<IRunFacts> runs = await evidence.RecentAsync(edit.State.Guard.CountedThrough ?? edit.State.GuardFrom,
            cancellationToken);
        OutcomeIncidents.Open(runs, edit);
        if (!isOn && edit.State.RolledBack is null)
        {
            return null;
        }
        IReadOnlyList<IRunFacts> lost = LostTextDetector.TakeNew(runs, edit);
        if (!isOn)
        {
            LostTextDetector.Announce(lost, edit);
            return null;
        }

        if (lost.Count > 0)
        {
            FiredSignal decision = new(GuardSignals.TextLost, RollsBack: true, Stage: null, LostTextDetector.Describe(lost));
            GuardState guard = edit.State.Guard;
            edit.State = edit.State with
            {
                // Which runs are counted is kept: where nothing is rolled back, they must not be counted again.
                Guard = guard with
                {
                    Signals = [.. guard.Signals.Select(s => s.Reset()).Where(s => s.Contributions.Count > 0)],
                    EvaluatedAt = edit.Now,
                    Observation = decision.Message,
                },
            };
            return decision;
        }

        return await EvaluateSignalsAsync(context, edit, [.. runs.Where(r => r.Started >= edit.State.GuardFrom)], cancellationToken);
    }

    private async Task<FiredSignal?> EvaluateSignalsAsync(
        OperationContext context, RolloutEdit edit, IReadOnlyList<IRunFacts> runs, CancellationToken cancellationToken)
    {
        if (runs.Count == 0)
        {
            return null;
        }

        double slowAbove = context.Plan.Guard.DurationRatioAbove * (await evidence.BaselineAsync(cancellationToken)).Seconds;
        GuardState state = edit.State.Guard;
        state = state.CountedThrough is null
            ? state with { HandOverRate = await evidence.PreviousHandOverRateAsync(edit.State, cancellationToken) }
            : state;
        GuardEvaluation evaluation = GuardEvaluator.Evaluate(state, runs, context.Plan.Guard, slowAbove);
        if (ReferenceEquals(evaluation.State, state))
        {
            return null;
        }

        edit.State = edit.State with { Guard = evaluation.State };
        List<FiredSignal> rollBack = [];
        foreach (FiredSignal fired in evaluation.Fired)
        {
            if (!fired.RollsBack)
            {
                GuardIncidents.Report(edit, fired, runs);
            }
            else if (fired is { Signal: GuardSignals.Errors, State: { Since: { } since } errors }
                && await FindLegacyFailureAsync(errors, since, cancellationToken) is { } control)
            {
                GuardIncidents.ReportLegacyFailure(edit, fired, control);
            }
            else
            {
                rollBack.Add(fired);
            }
        }

        return rollBack.Count == 0 ? null : Decide(rollBack, canFallBack: edit.State.RolledBack is null);
    }

    /// <summary>Returns the legacy runs' error rate if they fail about as often, so that a rollback would not help.</summary>
    private async Task<Proportion?> FindLegacyFailureAsync(SignalState errors, DateTimeOffset since, CancellationToken cancellationToken)
    {
        Proportion legacy = await evidence.LegacyErrorsAsync(since, cancellationToken);
        double unified = (double)errors.BadRuns / errors.Runs;
        return legacy.Of >= LegacyControlRuns && legacy.Share >= unified / 2 ? legacy : null;
    }

    private static FiredSignal Decide(List<FiredSignal> fired, bool canFallBack)
    {
        string message = string.Join("; ", fired.Select(f => f.Message));
        Stage? only = fired.Select(f => f.Stage).Distinct().ToArray() is [{ } stage] ? stage : null;
        return only is null || canFallBack
            ? fired[0] with { Stage = only, Message = message }
            : fired[0] with { Stage = null, Message = $"{message}, with a stage switched off already" };
    }

    /// <returns>True if a rollback was prepared; false if automatic rollback is off or there is nothing to roll back.</returns>
    private static bool RollBack(OperationContext context, RolloutEdit edit, FiredSignal decision)
    {
        if (!context.Flags.GetSetting(FlagNames.AutomaticRollback).Enabled)
        {
            GuardIncidents.ReportNotRolledBack(edit, decision);
            return false;
        }

        Stage[] stages = decision.Stage is { } stage ? [stage] : [];
        OperationResult prepared = RollbackOperation.PrepareRollback(context, stages, AuditEntry.Guard, decision.Message, edit);
        return prepared.Code == OperationResult.PlannedCode;
    }

    // Shows that the timer runs, also while nothing changes; not each minute, since every save makes others read again.
    private static void Stamp(RolloutEdit edit)
    {
        if (!edit.IsEmpty || edit.State.GuardRoundAt is not { } last || edit.Now - last >= StampEvery)
        {
            edit.State = edit.State with { GuardRoundAt = edit.Now };
        }
    }
}
