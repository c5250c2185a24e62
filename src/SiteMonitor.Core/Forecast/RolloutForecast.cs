using System.Globalization;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Forecast;

/// <summary>
/// Response of <c>GET rollout/forecast</c>: when the gate is met at the present traffic, and how soon the guard would notice a failure.
/// </summary>
public sealed record RolloutForecast
{
    public required DateTimeOffset At { get; init; }

    public required string Phase { get; init; }

    public required TrafficRates Traffic { get; init; }

    /// <summary>Every criterion of the current phase's gate.</summary>
    public required IReadOnlyList<CriterionForecast> Gate { get; init; }

    /// <summary>When the last criterion that is waited for is met; null when one waits for people, or never is.</summary>
    public DateTimeOffset? GateMetAt { get; init; }

    /// <summary>How soon the guard's error signal would fire, by the share of failing runs.</summary>
    public required IReadOnlyList<DetectionForecast> Guard { get; init; }

    /// <summary>Criteria and signals that can never be met or fire at this traffic, with the reason.</summary>
    public required IReadOnlyList<string> Never { get; init; }
}

/// <summary>The daily traffic on which a forecast is based.</summary>
/// <param name="Issues">Distinct issues, both routes.</param>
/// <param name="UnifiedRuns">Runs with a result in which a stage ran unified.</param>
/// <param name="Compared">Issues compared that count for the gate.</param>
/// <param name="Basis">Where the figures come from, as display text.</param>
public sealed record TrafficRates(double Issues, double UnifiedRuns, double Compared, string Basis);

/// <summary>When one criterion is met.</summary>
/// <param name="At">Null: met already, waiting for people, or never.</param>
/// <param name="When">Display text.</param>
/// <param name="Never">Whether waiting is no use at this traffic.</param>
public sealed record CriterionForecast(string Id, string Title, CriterionState State, DateTimeOffset? At, string When, bool Never = false);

/// <summary>How soon a failure of some share of the runs is noticed.</summary>
/// <param name="Runs">Median number of runs.</param>
/// <param name="Days">The same in days at the present traffic; null without traffic.</param>
public sealed record DetectionForecast(int FailingPercent, int? Runs, double? Days);

/// <summary>Computes the forecast of a gate, and of the guard, from evidence and traffic.</summary>
public static class ForecastCalculator
{
    private const int Trials = 201;
    private const int MaxRuns = 1000;
    private const int Seed = 1;
    private static readonly int[] FailingPercents = [100, 50, 20, 10];

    /// <summary>The criteria of a gate; a criterion that is met is assumed to stay met.</summary>
    public static IReadOnlyList<CriterionForecast> ForGate(
        PhasePlan phase, IReadOnlyList<CriterionResult> results, Evidence evidence, TrafficRates traffic) =>
        [.. phase.Gate.Zip(results, (criterion, result) => ForCriterion(criterion, result, evidence, traffic))];

    /// <summary>Median runs and days until the error signal fires.</summary>
    public static IReadOnlyList<DetectionForecast> ForGuard(GuardPlan plan, TrafficRates traffic) =>
    [
        .. FailingPercents.Select(percent =>
        {
            int? runs = GuardSimulation.MedianRunsToFire(plan, percent / 100.0, _ => Enumerable.Repeat(TimeSpan.FromMinutes(10), MaxRuns),
                Trials, MaxRuns, Seed);
            return new DetectionForecast(percent, runs, traffic.UnifiedRuns > 0 ? runs / traffic.UnifiedRuns : null);
        }),
    ];

    private static CriterionForecast ForCriterion(Criterion criterion, CriterionResult result, Evidence evidence, TrafficRates traffic)
    {
        CriterionForecast forecast = new(criterion.Id, criterion.Title, result.State, null, "met");
        if (result.State == CriterionState.Met)
        {
            return forecast;
        }

        CriterionForecast byConfirmation = forecast with { When = $"when somebody confirms it: rollout confirm {criterion.Id}" };
        if (criterion.Measure is not { } measure)
        {
            return byConfirmation;
        }

        return measure switch
        {
            Measure.SoakDays => On(forecast, evidence, (evidence.State.SoakFrom.AddDays(criterion.Target) - evidence.At).TotalDays),
            Measure.OldCommandCalls => On(forecast, evidence, (LastCall(evidence).AddDays(criterion.Days) - evidence.At).TotalDays),
            Measure.OpenIncidents => forecast with { When = "when the open incidents are resolved" },
            Measure.BetaIssuesAsExpected => forecast with { When = "when the beta issues have run: rollout beta-issues" },
            Measure.LegacyChoices =>
                forecast with { When = $"when legacy has chosen often enough, or somebody confirms it: rollout confirm {criterion.Id}" },
            Measure.ComparedIssues => After(forecast, evidence, criterion.Target - result.Sample, traffic.Compared, "comparisons"),
            Measure.Consistency when result.State == CriterionState.Open =>
                After(forecast, evidence, criterion.MinimumSample - result.Sample, traffic.Compared, "comparisons"),
            Measure.UnifiedShare when result.State == CriterionState.Open =>
                After(forecast, evidence, criterion.MinimumSample - result.Sample, traffic.Issues, "issues"),
            Measure.P95OverRunsBefore when evidence.UnifiedBefore.Count is var before && before < criterion.MinimumSample =>
                criterion.Confirm is not null ? byConfirmation : forecast with
                {
                    When = $"never by waiting: it needs {criterion.MinimumSample} unified runs from before this phase, and there are "
                        + $"{before}. To advance anyway: rollout advance --force --reason \"…\"",
                    Never = true,
                },
            Measure.ErrorRate
                when result.State == CriterionState.Unmet && RunsSinceLastError(evidence) is var since && criterion.MinimumSample > since =>
                After(forecast, evidence, criterion.MinimumSample - since, traffic.UnifiedRuns, "runs without an error"),
            _ when result.State == CriterionState.Open =>
                After(forecast, evidence, criterion.MinimumSample - result.Sample, traffic.UnifiedRuns, "runs"),
            _ => forecast with
            {
                When = $"never by waiting: it is {result.Value}, the target {result.Target}; " +
                    "fix the cause, then perhaps rollout reset-evidence",
            },
        };
    }

    private static CriterionForecast After(CriterionForecast forecast, Evidence evidence, double missing, double perDay, string unit)
    {
        double count = Math.Max(1, Math.Ceiling(missing));
        return perDay > 0
            ? On(forecast, evidence, count / perDay, Text($" ({count:0} more {unit} at {perDay:0.#} a day)"))
            : forecast with { When = Text($"never at this traffic: {count:0} more {unit} are needed and none come"), Never = true };
    }

    private static CriterionForecast On(CriterionForecast forecast, Evidence evidence, double days, string detail = "")
    {
        DateTimeOffset at = evidence.At.AddDays(Math.Max(0, days));
        return forecast with { At = at, When = Text($"{at:yyyy-MM-dd HH:mm}, in {Math.Max(0, days):0.#} days") + detail };
    }

    private static DateTimeOffset LastCall(Evidence evidence) =>
        evidence.OldCommandCalls is [.., var last] && last > evidence.State.EvidenceFrom ? last : evidence.State.EvidenceFrom;

    private static int RunsSinceLastError(Evidence evidence) =>
        evidence.Runs.Where(RunStatistics.CountsForRates).OrderByDescending(r => r.Ended).TakeWhile(r => !RunStatistics.IsError(r)).Count();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
