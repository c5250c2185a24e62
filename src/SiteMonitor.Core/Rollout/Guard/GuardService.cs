using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>The guard's decision to roll back.</summary>
/// <param name="Stages">For a partial rollback, the stage at fault; empty for a full one.</param>
/// <param name="Signal">The first signal that fired, one of <see cref="GuardSignals"/>.</param>
/// <param name="Message">Every signal that fired, in figures.</param>
public sealed record RollbackDecision(IReadOnlyList<Stage> Stages, string Signal, string Message)
{
    public RollbackKind Kind => Stages.Count == 0 ? RollbackKind.Full : RollbackKind.Partial;
}

/// <summary>Result of one round of the guard.</summary>
/// <param name="Observation">The signals in one line, as display text.</param>
/// <param name="Decision">Null when there was no reason to roll back.</param>
/// <param name="RolledBack">False beside a decision: automatic rollback is off, or everything is taken back already.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardResult(string Observation, RollbackDecision? Decision, bool RolledBack, string Problem);

/// <summary>
/// Finishes a change of flags that was cut short, detects flags changed outside, evaluates new runs and rolls back when a signal fires.
/// Runs each minute and after each recorded run; a failure to read the ledger changes nothing.
/// </summary>
public sealed class GuardService(
    RolloutStateRepository states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions)
{
    /// <summary>Minimum number of legacy runs for a comparison with them.</summary>
    private const int LegacyControlRuns = 3;

    private static readonly TimeSpan StampEvery = TimeSpan.FromMinutes(2);

    public async Task<GuardResult> RunAsync(CancellationToken cancellationToken)
    {
        TransitionResult written = await transitions.FinishAsync(cancellationToken);
        string? pending = (await states.ReadAsync(cancellationToken)).State.Transition?.Id;
        await states.UpdateAsync(RecordDriftAsync, cancellationToken);
        RollbackDecision? decision = null;
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
        new() { State = edit.State, Plan = states.Plan, Flags = await flags.RefreshAsync(cancellationToken) };

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

    private async Task<RollbackDecision?> EvaluateAsync(OperationContext context, RolloutEdit edit, CancellationToken cancellationToken)
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
            RollbackDecision decision = LostTextDetector.Decide(lost);
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

    private async Task<RollbackDecision?> EvaluateSignalsAsync(
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
            else if (fired.Signal == GuardSignals.Errors && await FindLegacyFailureAsync(fired, cancellationToken) is { } control)
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

    /// <summary>
    /// Returns the legacy runs' error rate if they fail about as often: the cause is then outside, and a rollback would not help.
    /// </summary>
    private async Task<Proportion?> FindLegacyFailureAsync(FiredSignal errors, CancellationToken cancellationToken)
    {
        Proportion legacy = await evidence.LegacyErrorsAsync(errors.State.Since!.Value, cancellationToken);
        double unified = (double)errors.State.BadRuns / errors.State.Runs;
        return legacy.Of >= LegacyControlRuns && legacy.Share >= unified / 2 ? legacy : null;
    }

    private static RollbackDecision Decide(List<FiredSignal> fired, bool canFallBack)
    {
        string message = string.Join("; ", fired.Select(f => f.Message));
        Stage? only = fired.Select(f => f.Stage).Distinct().ToArray() is [{ } stage] ? stage : null;
        return only is { } one && canFallBack
            ? new RollbackDecision([one], fired[0].Signal, message)
            : new RollbackDecision(
                [], fired[0].Signal, only is null || canFallBack ? message : $"{message}, with a stage switched off already");
    }

    /// <returns>True if a rollback was prepared; false if automatic rollback is off or there is nothing to roll back.</returns>
    private static bool RollBack(OperationContext context, RolloutEdit edit, RollbackDecision decision)
    {
        if (!context.Flags.GetSetting(FlagNames.AutomaticRollback).Enabled)
        {
            GuardIncidents.ReportNotRolledBack(edit, decision);
            return false;
        }

        return RollbackOperation.Prepare(context, decision.Stages, AuditEntry.Guard, decision.Message, edit).Code
            == OperationResult.PlannedCode;
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
