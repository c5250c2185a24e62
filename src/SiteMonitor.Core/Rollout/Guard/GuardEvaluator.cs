using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>
/// Looks at a window and decides. Failures are judged from the minimum of runs and of failed issues on, slowness from the minimum of runs on; a trigger must be
/// seen in several looks in a row, each with a run the look before had not seen. Lost text is not judged here: it is one case, at once.
/// </summary>
public static class GuardEvaluator
{
    /// <param name="minimumRuns">The phase's, or the guard's.</param>
    /// <param name="canFallBack">Whether one stage may be taken back by itself: not when one is switched off already.</param>
    public static GuardEvaluation Evaluate(GuardState memory, GuardWindow window, GuardPlan plan, int minimumRuns, Baseline baseline, bool canFallBack, DateTimeOffset now)
    {
        if (!window.IsLive)
        {
            return new GuardEvaluation(GuardState.Empty with { LastRun = memory.LastRun, EvaluatedAt = now, Observation = $"no run in the last {plan.WindowMinutes} min" }, null);
        }

        Dictionary<string, string> breaches = FindBreaches(window.Figures, plan, minimumRuns, baseline);
        string seen = Describe(window, minimumRuns, baseline);
        if (window.NewestRun == memory.LastRun)
        {
            return new GuardEvaluation(memory with { EvaluatedAt = now, Observation = seen }, null);
        }

        GuardStreak[] streaks = [.. breaches.Keys.Select(t => new GuardStreak(t, (memory.Streaks.FirstOrDefault(s => s.Trigger == t)?.Evaluations ?? 0) + 1))];
        GuardStreak? ripe = streaks.FirstOrDefault(s => s.Evaluations >= plan.Looks);
        var next = new GuardState(streaks, window.NewestRun, now, seen);
        return new GuardEvaluation(next, ripe is null ? null : Decide(ripe, breaches[ripe.Trigger], window, plan, baseline, canFallBack));
    }

    private static Dictionary<string, string> FindBreaches(RunStatistics figures, GuardPlan plan, int minimumRuns, Baseline baseline)
    {
        Dictionary<string, string> breaches = [];
        if (figures.Counted.Count < minimumRuns)
        {
            return breaches;
        }

        if (figures.FailedIssues >= plan.MinimumFailedIssues)
        {
            if (figures.CriticalIssues.Share > plan.CriticalIssuesAbove)
            {
                breaches[GuardSignals.Critical] = Text($"critical failures on {figures.CriticalIssues} issues, limit {plan.CriticalIssuesAbove * 100:0.#} %");
            }

            if (figures.Errors.Share > plan.ErrorRateAbove)
            {
                breaches[GuardSignals.ErrorRate] = Text($"error rate {figures.Errors} runs, limit {plan.ErrorRateAbove * 100:0.#} %, on {figures.FailedIssues} issues");
            }
        }

        if (figures.Durations.Mean is { } mean && figures.Durations.Count >= minimumRuns && mean > plan.DurationRatioAbove * baseline.Seconds)
        {
            breaches[GuardSignals.Duration] = Text($"mean duration {mean:0.#} s over {figures.Durations.Count} runs, limit {plan.DurationRatioAbove:0.#} × the baseline of {baseline}");
        }

        return breaches;
    }

    private static RollbackDecision Decide(GuardStreak streak, string breach, GuardWindow window, GuardPlan plan, Baseline baseline, bool canFallBack)
    {
        string saw = Text($"{breach}, in {streak.Evaluations} looks in a row");
        if (FailingStage.Of(streak.Trigger, window.Figures, plan, baseline) is not { } stage)
        {
            return new RollbackDecision(RollbackKind.Full, [], streak.Trigger, saw);
        }

        string name = stage.ToString().ToLowerInvariant();
        return canFallBack
            ? new RollbackDecision(RollbackKind.Partial, [stage], streak.Trigger, $"{saw}; only the {name} stage is at fault")
            : new RollbackDecision(RollbackKind.Full, [], streak.Trigger, $"{saw}; the {name} stage is at fault, with a stage switched off already");
    }

    private static string Describe(GuardWindow window, int minimumRuns, Baseline baseline)
    {
        RunStatistics figures = window.Figures;
        string judged = figures.Counted.Count < minimumRuns ? Text($", fewer than {minimumRuns} runs: not judged") : string.Empty;
        string mean = figures.Durations.Mean is { } seconds ? Text($"mean {seconds:0.#} s against {baseline.Seconds:0.#} s") : "no duration";
        return $"errors {figures.Errors}, critical {figures.CriticalIssues.Count}, {mean}{judged}";
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What came of one look.</summary>
/// <param name="State">To keep for the next look.</param>
/// <param name="Decision">Null: nothing to do.</param>
public sealed record GuardEvaluation(GuardState State, RollbackDecision? Decision);

/// <summary>What makes the guard roll back, or speak up.</summary>
public static class GuardSignals
{
    public const string ErrorRate = "error-rate";
    public const string Critical = "critical";
    public const string Duration = "duration";
    public const string TextLost = "text-lost";

    /// <summary>Runs fail before the flags are asked: nothing to roll back would help, but somebody has to know.</summary>
    public const string Unrouted = "unrouted";
}

/// <summary>The guard's decision to roll back.</summary>
/// <param name="Stages">For a partial rollback, the stage that fails.</param>
/// <param name="Message">What it saw, in figures.</param>
public sealed record RollbackDecision(RollbackKind Kind, IReadOnlyList<Stage> Stages, string Signal, string Message);
