using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Measures the criteria of a gate from the evidence.</summary>
public static class Measurements
{
    public static Measurement Take(Measure measure, Criterion criterion, Evidence evidence)
    {
        return measure switch
        {
            Measure.TransitionsRight or Measure.MeanDuration or Measure.DurationOverBaseline or Measure.ManualInterventions
                or Measure.RightChoice or Measure.TextLost => MeasureAll(measure, evidence.Figures, evidence.Baseline),
            Measure.LatestIssuesSucceeded or Measure.BetaIssuesAsExpected or Measure.ErrorRate or Measure.Errors or Measure.SuccessRate =>
                MeasureLast(measure, new RunStatistics(LastRated(criterion, evidence.Rated)), evidence.State.BetaIssues),
            Measure.P95OverRunsBefore => P95OverRunsBefore(criterion, evidence),
            Measure.UnifiedShare => UnifiedShare(criterion, evidence),
            Measure.ComparedIssues =>
                Count(evidence.Comparisons.Compared, evidence.Comparisons.Compared, "issues compared", Unmatched(evidence.Comparisons)),
            Measure.Consistency => Consistency(evidence.Comparisons),
            Measure.LegacyChoices => LegacyChoices(evidence.Comparisons),
            Measure.OpenIncidents => Count(evidence.State.Incidents.Count(i => i.IsOpen), 0, string.Empty),
            Measure.Incidents => Count(
                evidence.State.Incidents.Count(i => i.Opened >= evidence.State.EvidenceFrom && !i.IsCausedByAuthors), 0, string.Empty),
            Measure.SoakDays => Soak(evidence),
            Measure.OldCommandCalls => OldCommands(criterion, evidence),
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Unknown measure."),
        };
    }

    /// <summary>Measures what is judged over all unified runs.</summary>
    private static Measurement MeasureAll(Measure measure, RunStatistics figures, Baseline baseline) => measure switch
    {
        Measure.TransitionsRight => Share(figures.ValidTransitions),
        Measure.MeanDuration => Seconds(figures.Durations.Mean, figures.Durations.Count),
        Measure.DurationOverBaseline =>
            Ratio(figures.Durations.Mean, baseline.Seconds, figures.Durations.Count, $"baseline {baseline}"),
        Measure.ManualInterventions => Count(figures.ManualInterventions, figures.Counted.Count, "runs"),
        Measure.RightChoice => Share(figures.RightChoices, " issues"),
        _ => Count(figures.TextLost, figures.Counted.Count, "runs"),
    };

    /// <summary>Measures what is judged over the last rated runs.</summary>
    private static Measurement MeasureLast(Measure measure, RunStatistics rated, IReadOnlyList<OpenedBetaIssue> opened) => measure switch
    {
        Measure.LatestIssuesSucceeded => LatestSucceeded(rated.Counted),
        Measure.BetaIssuesAsExpected => BetaIssues(rated.Counted, opened),
        Measure.ErrorRate => Share(rated.Errors, Unrouted(rated)),
        Measure.Errors => Count(rated.Errors.Count, rated.Counted.Count, "runs", Unrouted(rated)),
        _ => Share(rated.Successes, Unrouted(rated)),
    };

    /// <summary>Whether the value only grows with time, so that "not enough" means "not yet".</summary>
    public static bool OnlyGrows(Measure measure) =>
        measure is Measure.LatestIssuesSucceeded or Measure.ComparedIssues or Measure.LegacyChoices or Measure.SoakDays;

    /// <summary>Whether the value can still go either way while the sample is small.</summary>
    public static bool IsShare(Measure measure) => measure is Measure.TransitionsRight or Measure.MeanDuration
        or Measure.DurationOverBaseline or Measure.BetaIssuesAsExpected or Measure.P95OverRunsBefore or Measure.ErrorRate
        or Measure.SuccessRate or Measure.Consistency or Measure.UnifiedShare or Measure.RightChoice;

    /// <summary>The target for people: <c>&lt; 1 %</c>, <c>≥ 20</c>.</summary>
    public static string Target(Criterion criterion, Measure measure)
    {
        string sign = criterion.Is switch
        {
            Bound.AtMost => "≤",
            Bound.Below => "<",
            Bound.AtLeast => "≥",
            _ => ">",
        };
        string value = measure switch
        {
            Measure.TransitionsRight or Measure.ErrorRate or Measure.SuccessRate or Measure.Consistency or Measure.UnifiedShare
                or Measure.RightChoice => Text($"{criterion.Target * 100:0.##} %"),
            Measure.MeanDuration => Text($"{criterion.Target:0.##} s"),
            Measure.DurationOverBaseline or Measure.P95OverRunsBefore => Text($"{criterion.Target:0.##} ×"),
            Measure.SoakDays => Text($"{criterion.Target:0.##} d"),
            Measure.OldCommandCalls => Text($"{criterion.Target:0} in {criterion.Days} d"),
            _ => Text($"{criterion.Target:0.##}"),
        };
        return criterion.MinimumSample > 1 ? Text($"{sign} {value} (n ≥ {criterion.MinimumSample})") : $"{sign} {value}";
    }

    // One that failed before the routing decision counts where the new logic works on that issue otherwise.
    private static Measurement LatestSucceeded(IReadOnlyList<IRunFacts> runs)
    {
        IRunFacts[] latest = [.. runs.GroupBy(r => r.Issue).Where(g => g.Any(RunStatistics.IsUnified)).Select(g => g.MaxBy(r => r.Ended)!)
            .OrderByDescending(r => r.Ended)];
        IRunFacts[] succeeded = [.. latest.TakeWhile(r => r.Outcome == RunOutcome.Succeeded)];
        string detail = succeeded.Length < latest.Length
            ? $"{latest[succeeded.Length].Issue} ended as {latest[succeeded.Length].Outcome.ToString().ToLowerInvariant()}; " +
                "fix the cause and run it again"
            : string.Empty;
        return latest.Length == 0
            ? new Measurement(null, 0, "no data", "no issue has gone through the unified pipeline yet")
            : new Measurement(succeeded.Length, succeeded.Length, Text($"{succeeded.Length} of {latest.Length} issues"), detail);
    }

    private static Measurement BetaIssues(IReadOnlyList<IRunFacts> runs, IReadOnlyList<OpenedBetaIssue> issues)
    {
        if (issues.Count == 0)
        {
            return new Measurement(null, 0, "no data", "no beta issue is opened yet: rollout beta-issues");
        }

        (OpenedBetaIssue Issue, IRunFacts? Run)[] latest =
            [.. issues.Select(i => (i, runs.Where(r => r.Issue == i.Issue).MaxBy(r => r.Ended)))];
        int expected = latest.Count(l => IsExpected(l.Issue, l.Run));
        string[] others =
        [
            .. latest.Where(l => !IsExpected(l.Issue, l.Run)).Select(l => l.Run is { } run
                ? $"{l.Issue.Issue} ended as " +
                    $"{WireName.Of(run.Outcome)}{(run.ReasonCode.Length > 0 ? $" ({run.ReasonCode})" : string.Empty)}, " +
                    $"expected {WireName.Of(l.Issue.Expected)}"
                : $"{l.Issue.Issue} has not run yet, expected {WireName.Of(l.Issue.Expected)}"),
        ];
        return new Measurement(expected, latest.Count(l => l.Run is not null), Text($"{expected} of {issues.Count} issues"),
            string.Join("; ", others));
    }

    // A run that waits because the model gave no usable answer is not the expected wait for a person's decision.
    private static bool IsExpected(OpenedBetaIssue issue, IRunFacts? run) => issue.Expected == BetaOutcome.Waiting
        ? run is { Outcome: RunOutcome.Waiting } && !RunStatistics.IsUnanswered(run) && !RunStatistics.IsRefusedByModel(run)
        : run is { Outcome: RunOutcome.Succeeded };

    private static Measurement P95OverRunsBefore(Criterion criterion, Evidence evidence)
    {
        IRunFacts[] now = [.. evidence.Unified.Where(RunStatistics.HasDuration)];
        int count = Math.Min(Math.Max(criterion.Runs, criterion.MinimumSample), Math.Min(now.Length, evidence.UnifiedBefore.Count));
        double? newer = new RunStatistics(now.OrderByDescending(r => r.Ended).Take(count)).Durations.Percentile(0.95);
        double? older = new RunStatistics(evidence.UnifiedBefore.Take(count)).Durations.Percentile(0.95);
        return newer is { } value && older is { } before && before > 0
            ? new Measurement(
                value / before, count, Text($"{value / before:0.##} ×"),
                Text($"{value:0.#} s over the last {count} runs, {before:0.#} s over as many before the phase"))
            : new Measurement(
                null, count, "no data",
                Text(
                    $"needs {criterion.MinimumSample} unified runs in this phase ({now.Length}) and before it ({evidence.UnifiedBefore.Count})"));
    }

    /// <summary>Returns the runs that ended last, as many as the criterion counts, in the order they ended.</summary>
    private static IEnumerable<IRunFacts> LastRated(Criterion criterion, IReadOnlyList<IRunFacts> rated) =>
        rated.Reverse().OrderByDescending(r => r.Ended).Take(LastCount(criterion, rated.Count)).Reverse();

    /// <summary>Returns how many of the last runs or issues the criterion counts.</summary>
    private static int LastCount(Criterion criterion, int available) =>
        criterion.Runs == 0 ? available : available >= criterion.Runs ? criterion.Runs : criterion.MinimumSample;

    private static Measurement LegacyChoices(ConsistencyReport report)
    {
        string[] issues = [.. BothChose(report).Select(c => c.Issue)];
        return Count(issues.Length, report.Compared, "issues compared",
            issues.Length == 0 ? string.Empty : $"; both sides chose on {string.Join(", ", issues.Take(10))}");
    }

    private static IEnumerable<IssueComparison> BothChose(ConsistencyReport report) =>
        report.Issues.Where(c => !c.IsUnmatched && c.Legacy.Specialists.Count > 0 && c.Unified.Specialists.Count > 0);

    private static Measurement Consistency(ConsistencyReport count) => count.Consistency is { } value
        ? new Measurement(
            value,
            count.Compared,
            Text($"{value * 100:0.#} %"),
            $"{count.Unexplained} unexplained, {count.Accepted} with accepted differences, of {count.Compared}; " +
                $"on {BothChose(count).Count()} both sides chose a specialist{Unmatched(count)}")
        : new Measurement(null, 0, "no data", $"no issue compared yet; `compare --sample 20` does it without writing{Unmatched(count)}");

    private static string Unmatched(ConsistencyReport count) =>
        count.Unmatched == 0 ? string.Empty : $"; {count.Unmatched} that legacy leaves unmatched are not counted";

    private static Measurement Soak(Evidence evidence)
    {
        double days = (evidence.At - evidence.State.SoakFrom).TotalDays;
        return new Measurement(days, 0, Text($"{Math.Floor(days * 10) / 10:0.0} d"),
            Text($"since {evidence.State.SoakFrom:yyyy-MM-dd HH:mm}"));
    }

    private static Measurement OldCommands(Criterion criterion, Evidence evidence)
    {
        int calls = evidence.OldCommandCalls.Count(c => c > evidence.At.AddDays(-criterion.Days) && c >= evidence.State.EvidenceFrom);
        double watched = (evidence.At - evidence.State.EvidenceFrom).TotalDays;
        bool whole = watched >= criterion.Days;

        // A call ages out of the window: that makes it "not yet", never a lasting failure.
        return calls > 0 && evidence.OldCommandCalls[^1] is var last
            ? new Measurement(calls, 0, Text($"{calls} in {criterion.Days} d"), Text($"the last one {last:yyyy-MM-dd HH:mm}"))
            : new Measurement(calls, 0, Text($"{calls} in {Math.Min(watched, criterion.Days):0.0} d"),
                whole ? string.Empty : "not watched long enough yet", whole);
    }

    private static Measurement Seconds(double? value, int sample) => value is { } seconds
        ? new Measurement(seconds, sample, Text($"{seconds:0.#} s"), $"{sample} runs")
        : new Measurement(null, 0, "no data", "no finished run yet");

    private static Measurement Ratio(double? value, double baseline, int sample, string detail) => value is { } seconds
        ? new Measurement(seconds / baseline, sample, Text($"{seconds / baseline:0.##} ×"),
            Text($"{seconds:0.#} s over {sample} runs, {detail}"))
        : new Measurement(null, 0, "no data", "no finished run yet");

    /// <summary>Returns how many of the last issues worked on had a unified stage in their newest run.</summary>
    private static Measurement UnifiedShare(Criterion criterion, Evidence evidence)
    {
        // The runs are in the order of their starts, so an issue's newest run is the first from the end.
        IEnumerable<IRunFacts> newest = evidence.Runs.Reverse()
            .Where(r => r.Route is not null && RunStatistics.IsCounted(r))
            .DistinctBy(r => r.Issue);
        IRunFacts[] last = [.. criterion.Runs == 0 ? newest : newest.Take(criterion.Runs)];
        last = [.. last.Take(LastCount(criterion, last.Length))];
        return Share(new Proportion(last.Count(RunStatistics.IsUnified), last.Length), " issues");
    }

    private static string Unrouted(RunStatistics rated) => rated.Counted.Count(RunStatistics.IsUnrouted) is > 0 and var count
        ? $", {count} of them before the routing decision"
        : string.Empty;

    private static Measurement Share(Proportion proportion, string detail = "") => new(
        proportion.Share, proportion.Of, proportion.Share is { } share ? Text($"{share * 100:0.##} %") : "no data",
        proportion.Of == 0 ? "no run yet" : proportion + detail);

    private static Measurement Count(int count, int sample, string unit, string detail = "") =>
        new(count, sample, Text($"{count}"), (unit.Length == 0 ? string.Empty : $"{sample} {unit}") + detail);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A measured value.</summary>
/// <param name="Value">Null without data.</param>
/// <param name="Sample">What it rests on.</param>
/// <param name="Text">Display text, with unit.</param>
/// <param name="Detail">Display text.</param>
/// <param name="IsComplete">False while the time it is to cover has not passed.</param>
public sealed record Measurement(double? Value, int Sample, string Text, string Detail, bool IsComplete = true);
