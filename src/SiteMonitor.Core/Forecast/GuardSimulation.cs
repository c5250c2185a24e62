using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Forecast;

/// <summary>Feeds simulated runs to the guard's evaluator, for forecasts, benchmarks and tests.</summary>
public static class GuardSimulation
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Counts runs, each of another issue, until the error signal fires.</summary>
    /// <param name="failingShare">Share of runs that fail, 0 to 1.</param>
    /// <param name="spacing">Time from one run to the next.</param>
    /// <returns>Null when it does not fire within <paramref name="limit"/> runs.</returns>
    public static int? CountRunsToFire(GuardPlan plan, double failingShare, IEnumerable<TimeSpan> spacing, int limit, Random random)
    {
        GuardState state = GuardState.Empty;
        DateTimeOffset at = Start;
        int count = 0;
        foreach (TimeSpan pause in spacing.Take(limit))
        {
            at += pause;
            count++;
            GuardEvaluation evaluation = GuardEvaluator.Evaluate(state, [CreateRun(count, random.NextDouble() < failingShare, at)], plan,
                double.MaxValue);
            if (evaluation.Fired.Any(f => f.Signal == GuardSignals.Errors))
            {
                return count;
            }

            state = evaluation.State;
        }

        return null;
    }

    /// <summary>The median over many simulations; null when fewer than half of them fire within <paramref name="limit"/> runs.</summary>
    public static int? MedianRunsToFire(
        GuardPlan plan, double failingShare, Func<Random, IEnumerable<TimeSpan>> spacing, int trials, int limit, int seed)
    {
        var random = new Random(seed);
        int[] counts =
        [
            .. Enumerable.Range(0, trials).Select(_ => CountRunsToFire(plan, failingShare, spacing(random), limit, random) ?? int.MaxValue)
                .Order(),
        ];
        return counts[(counts.Length - 1) / 2] is var median && median < int.MaxValue ? median : null;
    }

    private static RunRecord CreateRun(int number, bool failed, DateTimeOffset at)
    {
        RunOutcome outcome = failed ? RunOutcome.Failed : RunOutcome.Succeeded;
        return new RunRecord
        {
            Kind = RunKind.Run,
            RunId = $"run-{number}",
            Issue = $"simulated/runs#{number}",
            Trigger = "webhook",
            Route = Logic.Unified,
            Outcome = outcome,
            Stages = [new StageRecord(Stage.Analysis, Logic.Unified, outcome, 0)],
            Started = at,
            Ended = at,
        };
    }
}
