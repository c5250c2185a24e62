using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Finds the one stage without which a trigger would not have been there, so that only it needs to be taken back.</summary>
public static class FailingStage
{
    /// <summary>Null when both stages are at fault, when the failures belong to no stage, or when issues were left in no legal state.</summary>
    public static Stage? Of(string trigger, RunStatistics figures, GuardPlan plan, Baseline baseline) => trigger switch
    {
        GuardSignals.ErrorRate => ByErrors(figures, plan),
        GuardSignals.Duration => ByDuration(figures, plan, baseline),
        _ => null,
    };

    private static Stage? ByErrors(RunStatistics figures, GuardPlan plan)
    {
        RunRecord[] errors = [.. figures.Counted.Where(RunStatistics.IsError)];
        if (errors.Any(e => e.Outcome == RunOutcome.Critical))
        {
            return null;
        }

        double limit = plan.ErrorRateAbove * figures.Counted.Count;
        Stage[] blamed = [.. Enum.GetValues<Stage>().Where(stage => errors.Count(e => StageOf(e) == stage) > limit && errors.Count(e => StageOf(e) != stage) <= limit)];
        return blamed is [var only] ? only : null;
    }

    private static Stage? ByDuration(RunStatistics figures, GuardPlan plan, Baseline baseline)
    {
        double limit = plan.DurationRatioAbove * baseline.Seconds;
        Dictionary<Stage, double> means = Enum.GetValues<Stage>().ToDictionary(s => s, s => MeanOf(s, figures));
        Stage slowest = means.MaxBy(m => m.Value).Key;
        return figures.Durations.Mean - means[slowest] <= limit && means[slowest] > 0 ? slowest : null;
    }

    private static Stage? StageOf(RunRecord run) =>
        run.Stages.LastOrDefault(s => s is { Logic: Logic.Unified, Outcome: RunOutcome.Failed or RunOutcome.Critical })?.Stage;

    /// <summary>Seconds of unified work on the stage, over all runs.</summary>
    private static double MeanOf(Stage stage, RunStatistics figures) =>
        figures.Counted.Sum(r => r.Stages.Where(s => s.Stage == stage && s.Logic == Logic.Unified).Sum(s => s.Ms)) / 1000.0 / figures.Counted.Count;
}
