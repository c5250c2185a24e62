using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Takes the measures of a gate from the evidence.</summary>
public static class Measurements
{
    public static Measurement Take(Measure measure, Criterion criterion, Evidence evidence)
    {
        var figures = new RunStatistics(evidence.Unified);
        var rated = new RunStatistics(evidence.Runs.Where(RunStatistics.IsRated));
        int runs = figures.Counted.Count;
        return measure switch
        {
            Measure.LatestIssuesSucceeded => LatestSucceeded(rated.Counted),
            Measure.TransitionsRight => Share(new Proportion(figures.Criticals.Of - figures.Criticals.Count, figures.Criticals.Of)),
            Measure.MeanDuration => Seconds(figures.Durations.Mean, figures.Durations.Count),
            Measure.DurationOverBaseline => Ratio(figures.Durations.Mean, evidence.Baseline.Seconds, figures.Durations.Count, $"baseline {evidence.Baseline}"),
            Measure.P95OverDayBefore => DayOverDay(figures.Counted, evidence.At),
            Measure.ManualInterventions => Count(figures.ManualInterventions, runs, "runs"),
            Measure.ErrorRate => Share(rated.Errors, Unrouted(rated)),
            Measure.Errors => Count(rated.Errors.Count, rated.Counted.Count, "runs", Unrouted(rated)),
            Measure.SuccessRate => Share(rated.Successes, Unrouted(rated)),
            Measure.UnifiedShare => UnifiedShare(criterion, evidence),
            Measure.TextLost => Count(figures.TextLost, runs, "runs"),
            Measure.ComparedIssues => Count(evidence.Comparisons.Compared, evidence.Comparisons.Compared, "issues compared", Unmatched(evidence.Comparisons)),
            Measure.Consistency => Consistency(evidence.Comparisons),
            Measure.OpenIncidents => Count(evidence.State.Incidents.Count(i => i.IsOpen), 0, string.Empty),
            Measure.Incidents => Count(evidence.State.Incidents.Count(i => i.Opened >= evidence.State.EvidenceFrom), 0, string.Empty),
            Measure.SoakDays => Soak(evidence),
            Measure.OldCommandCalls => OldCommands(criterion, evidence),
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Unknown measure."),
        };
    }

    /// <summary>Whether the value only grows with time, so that "not enough" means "not yet".</summary>
    public static bool OnlyGrows(Measure measure) => measure is Measure.LatestIssuesSucceeded or Measure.ComparedIssues or Measure.SoakDays;

    /// <summary>Whether the value can still go either way while the sample is small.</summary>
    public static bool IsShare(Measure measure) => measure is Measure.TransitionsRight or Measure.MeanDuration or Measure.DurationOverBaseline
        or Measure.P95OverDayBefore or Measure.ErrorRate or Measure.SuccessRate or Measure.Consistency or Measure.UnifiedShare;

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
            Measure.TransitionsRight or Measure.ErrorRate or Measure.SuccessRate or Measure.Consistency or Measure.UnifiedShare => Text($"{criterion.Target * 100:0.##} %"),
            Measure.MeanDuration => Text($"{criterion.Target:0.##} s"),
            Measure.DurationOverBaseline or Measure.P95OverDayBefore => Text($"{criterion.Target:0.##} ×"),
            Measure.SoakDays => Text($"{criterion.Target:0.##} d"),
            Measure.OldCommandCalls => Text($"{criterion.Target:0} in {criterion.Days} d"),
            _ => Text($"{criterion.Target:0.##}"),
        };
        return criterion.MinimumSample > 1 ? Text($"{sign} {value} (n ≥ {criterion.MinimumSample})") : $"{sign} {value}";
    }

    // One that failed before the routing decision counts where the new logic works on that issue otherwise.
    private static Measurement LatestSucceeded(IReadOnlyList<RunRecord> runs)
    {
        RunRecord[] latest = [.. runs.GroupBy(r => r.Issue).Where(g => g.Any(RunStatistics.IsUnified)).Select(g => g.MaxBy(r => r.Ended)!).OrderByDescending(r => r.Ended)];
        RunRecord[] succeeded = [.. latest.TakeWhile(r => r.Outcome == RunOutcome.Succeeded)];
        string detail = succeeded.Length < latest.Length
            ? $"{latest[succeeded.Length].Issue} ended as {latest[succeeded.Length].Outcome.ToString().ToLowerInvariant()}; run it again once that is mended"
            : string.Empty;
        return latest.Length == 0
            ? new Measurement(null, 0, "no data", "no issue has gone through the unified pipeline yet")
            : new Measurement(succeeded.Length, succeeded.Length, Text($"{succeeded.Length} of {latest.Length} issues"), detail);
    }

    private static Measurement DayOverDay(IReadOnlyList<RunRecord> runs, DateTimeOffset now)
    {
        Durations today = new RunStatistics(runs.Where(r => r.Ended > now.AddDays(-1))).Durations;
        Durations before = new RunStatistics(runs.Where(r => r.Ended > now.AddDays(-2) && r.Ended <= now.AddDays(-1))).Durations;
        return today.Percentile(0.95) is { } newer && before.Percentile(0.95) is { } older && older > 0
            ? new Measurement(newer / older, Math.Min(today.Count, before.Count), Text($"{newer / older:0.##} ×"), Text($"{newer:0.#} s in the last day, {older:0.#} s the day before"))
            : new Measurement(null, Math.Min(today.Count, before.Count), "no data", "needs runs on the last day and on the day before");
    }

    private static Measurement Consistency(ConsistencyReport count) => count.Consistency is { } value
        ? new Measurement(value, count.Compared, Text($"{value * 100:0.#} %"), $"{count.Unexplained} unexplained, {count.Accepted} with accepted differences, of {count.Compared}{Unmatched(count)}")
        : new Measurement(null, 0, "no data", $"no issue compared yet; `compare --sample 20` does it without writing{Unmatched(count)}");

    private static string Unmatched(ConsistencyReport count) => count.Unmatched == 0 ? string.Empty : $"; {count.Unmatched} that legacy leaves unmatched are not counted";

    private static Measurement Soak(Evidence evidence)
    {
        double days = (evidence.At - evidence.State.SoakFrom).TotalDays;
        return new Measurement(days, 0, Text($"{Math.Floor(days * 10) / 10:0.0} d"), Text($"since {evidence.State.SoakFrom:yyyy-MM-dd HH:mm}"));
    }

    private static Measurement OldCommands(Criterion criterion, Evidence evidence)
    {
        int calls = evidence.OldCommandCalls.Count(c => c > evidence.At.AddDays(-criterion.Days) && c >= evidence.State.EvidenceFrom);
        double watched = (evidence.At - evidence.State.EvidenceFrom).TotalDays;
        bool whole = watched >= criterion.Days;

        // A call ages out of the window: that makes it "not yet", never a lasting failure.
        return calls > 0 && evidence.OldCommandCalls[^1] is var last
            ? new Measurement(calls, 0, Text($"{calls} in {criterion.Days} d"), Text($"the last one {last:yyyy-MM-dd HH:mm}"))
            : new Measurement(calls, 0, Text($"{calls} in {Math.Min(watched, criterion.Days):0.0} d"), whole ? string.Empty : "not watched long enough yet", whole);
    }

    private static Measurement Seconds(double? value, int sample) => value is { } seconds
        ? new Measurement(seconds, sample, Text($"{seconds:0.#} s"), $"{sample} runs")
        : new Measurement(null, 0, "no data", "no finished run yet");

    private static Measurement Ratio(double? value, double baseline, int sample, string detail) => value is { } seconds
        ? new Measurement(seconds / baseline, sample, Text($"{seconds / baseline:0.##} ×"), Text($"{seconds:0.#} s over {sample} runs, {detail}"))
        : new Measurement(null, 0, "no data", "no finished run yet");

    /// <summary>Of the issues worked on in the last days, those the new pipeline took; by each one's newest run.</summary>
    private static Measurement UnifiedShare(Criterion criterion, Evidence evidence)
    {
        RunRecord[] newest =
        [
            .. evidence.Runs.Where(r => r.Route is not null && r.Outcome != RunOutcome.Skipped && r.Started > evidence.At.AddDays(-criterion.Days))
                .GroupBy(r => r.Issue).Select(g => g.MaxBy(r => r.Started)!),
        ];
        return Share(new Proportion(newest.Count(r => r.Route == Logic.Unified), newest.Length), Text($" issues in {criterion.Days} d"));
    }

    private static string Unrouted(RunStatistics rated) => rated.Counted.Count(RunStatistics.IsUnrouted) is > 0 and var count ? $", {count} of them before the routing decision" : string.Empty;

    private static Measurement Share(Proportion proportion, string detail = "") => new(
        proportion.Share, proportion.Of, proportion.Share is { } share ? Text($"{share * 100:0.##} %") : "no data", proportion.Of == 0 ? "no run yet" : proportion + detail);

    private static Measurement Count(int count, int sample, string unit, string detail = "") => new(count, sample, Text($"{count}"), (unit.Length == 0 ? string.Empty : $"{sample} {unit}") + detail);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A measured value.</summary>
/// <param name="Value">Null without data.</param>
/// <param name="Sample">What it rests on.</param>
/// <param name="Text">For people, with unit.</param>
/// <param name="Detail">For people.</param>
/// <param name="IsComplete">False while the time it is to cover has not passed.</param>
public sealed record Measurement(double? Value, int Sample, string Text, string Detail, bool IsComplete = true);
