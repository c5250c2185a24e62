using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Rollout.Statistics;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>
/// Looks at a window and decides. Failures are judged from the minimum of runs and of failed issues on, slowness from the minimum of runs on; a trigger must be
/// seen in several looks in a row, each with a run the look before had not seen. Lost text is not judged here: it is one case, at once.
/// </summary>
public static class GuardJudge
{
    /// <param name="minimumRuns">The phase's, or the guard's.</param>
    /// <param name="canFallBack">Whether one stage may be taken back by itself: not when one is switched off already.</param>
    public static GuardLook Look(GuardMemory memory, GuardWindow window, GuardPlan plan, int minimumRuns, Baseline baseline, bool canFallBack, DateTimeOffset now)
    {
        if (!window.IsLive)
        {
            return new GuardLook(GuardMemory.Empty with { LastRun = memory.LastRun, LookedAt = now, Saw = $"no run in the last {plan.WindowMinutes} min" }, null);
        }

        Dictionary<string, string> breaches = Breaches(window.Figures, plan, minimumRuns, baseline);
        string seen = Describe(window, minimumRuns, baseline);
        if (window.NewestRun == memory.LastRun)
        {
            return new GuardLook(memory with { LookedAt = now, Saw = seen }, null);
        }

        GuardStreak[] streaks = [.. breaches.Keys.Select(t => new GuardStreak(t, (memory.Streaks.FirstOrDefault(s => s.Trigger == t)?.Looks ?? 0) + 1))];
        GuardStreak? ripe = streaks.FirstOrDefault(s => s.Looks >= plan.Looks);
        var next = new GuardMemory(streaks, window.NewestRun, now, seen);
        return new GuardLook(next, ripe is null ? null : Verdict(ripe, breaches[ripe.Trigger], window, plan, baseline, canFallBack));
    }

    private static Dictionary<string, string> Breaches(RunFigures figures, GuardPlan plan, int minimumRuns, Baseline baseline)
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
                breaches[GuardTriggers.Critical] = Text($"critical failures on {figures.CriticalIssues} issues, limit {plan.CriticalIssuesAbove * 100:0.#} %");
            }

            if (figures.Errors.Share > plan.ErrorRateAbove)
            {
                breaches[GuardTriggers.ErrorRate] = Text($"error rate {figures.Errors} runs, limit {plan.ErrorRateAbove * 100:0.#} %, on {figures.FailedIssues} issues");
            }
        }

        if (figures.Durations.Mean is { } mean && figures.Durations.Count >= minimumRuns && mean > plan.DurationRatioAbove * baseline.Seconds)
        {
            breaches[GuardTriggers.Duration] = Text($"mean duration {mean:0.#} s over {figures.Durations.Count} runs, limit {plan.DurationRatioAbove:0.#} × the baseline of {baseline}");
        }

        return breaches;
    }

    private static GuardVerdict Verdict(GuardStreak streak, string breach, GuardWindow window, GuardPlan plan, Baseline baseline, bool canFallBack)
    {
        string saw = Text($"{breach}, in {streak.Looks} looks in a row");
        if (FailingStage.Of(streak.Trigger, window.Figures, plan, baseline) is not { } stage)
        {
            return new GuardVerdict(RollbackKind.Full, [], streak.Trigger, saw);
        }

        string name = stage.ToString().ToLowerInvariant();
        return canFallBack
            ? new GuardVerdict(RollbackKind.Partial, [stage], streak.Trigger, $"{saw}; only the {name} stage is at fault")
            : new GuardVerdict(RollbackKind.Full, [], streak.Trigger, $"{saw}; the {name} stage is at fault, with a stage switched off already");
    }

    private static string Describe(GuardWindow window, int minimumRuns, Baseline baseline)
    {
        RunFigures figures = window.Figures;
        string judged = figures.Counted.Count < minimumRuns ? Text($", fewer than {minimumRuns} runs: not judged") : string.Empty;
        string mean = figures.Durations.Mean is { } seconds ? Text($"mean {seconds:0.#} s against {baseline.Seconds:0.#} s") : "no duration";
        return $"errors {figures.Errors}, critical {figures.CriticalIssues.Count}, {mean}{judged}";
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
