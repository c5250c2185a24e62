using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using static System.FormattableString;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Measures the criteria of a gate from the evidence.</summary>
internal static class Measurements
{
    public static IReadOnlyDictionary<Measure, MeasureRule> Rules { get; } = new Dictionary<Measure, MeasureRule>
    {
        [Measure.LatestIssuesSucceeded] = new(MissPolicy.AlwaysOpen, "", (c, e) => LatestSucceeded(LastRated(c, e).Counted)),
        [Measure.BetaIssuesAsExpected] = new(
            MissPolicy.OpenUntilSampled, "", (c, e) => BetaIssues(LastRated(c, e).Counted, e.State.BetaIssues)),
        [Measure.TransitionsRight] = new(MissPolicy.OpenUntilSampled, "%", (_, e) => Share(e.Figures.ValidTransitions)),
        [Measure.MeanDuration] = new(MissPolicy.OpenUntilSampled, "s", (_, e) => MeanDuration(e.Figures.Durations)),
        [Measure.DurationOverBaseline] = new(MissPolicy.OpenUntilSampled, "×", (_, e) => OverBaseline(e.Figures.Durations, e.Baseline)),
        [Measure.P95OverRunsBefore] = new(MissPolicy.OpenUntilSampled, "×", P95OverRunsBefore),
        [Measure.ManualInterventions] = new(MissPolicy.Unmet, "", (_, e) => Count(e.Figures.ManualInterventions, e.Figures)),
        [Measure.ErrorRate] = new(MissPolicy.OpenUntilSampled, "%", (c, e) => OfRated(LastRated(c, e), r => Share(r.Errors))),
        [Measure.Errors] = new(MissPolicy.Unmet, "", (c, e) => OfRated(LastRated(c, e), r => Count(r.Errors.Count, r))),
        [Measure.SuccessRate] = new(MissPolicy.OpenUntilSampled, "%", (c, e) => OfRated(LastRated(c, e), r => Share(r.Successes))),
        [Measure.RightChoice] = new(MissPolicy.OpenUntilSampled, "%", (_, e) => Share(e.Figures.RightChoices, " issues")),
        [Measure.UnifiedShare] = new(MissPolicy.OpenUntilSampled, "%", UnifiedShare),
        [Measure.TextLost] = new(MissPolicy.Unmet, "", (_, e) => Count(e.Figures.TextLost, e.Figures)),
        [Measure.ComparedIssues] = new(MissPolicy.AlwaysOpen, "", (_, e) => ComparedIssues(e.Comparisons)),
        [Measure.Consistency] = new(MissPolicy.OpenUntilSampled, "%", (_, e) => Consistency(e.Comparisons)),
        [Measure.LegacyChoices] = new(MissPolicy.AlwaysOpen, "", (_, e) => LegacyChoices(e.Comparisons)),
        [Measure.OpenIncidents] = new(MissPolicy.Unmet, "", (_, e) => CountIncidents(e, i => i.IsOpen)),
        [Measure.Incidents] = new(MissPolicy.Unmet, "", (_, e) => CountIncidents(e, i => i.CountsSince(e.State.EvidenceFrom))),
        [Measure.SoakDays] = new(MissPolicy.AlwaysOpen, "d", (_, e) => Soak(e)),
        [Measure.OldCommandCalls] = new(MissPolicy.Unmet, "", OldCommands),
    };

    /// <summary>The target for people: <c>&lt; 1 %</c>, <c>≥ 20</c>.</summary>
    public static string DescribeTarget(Criterion criterion, Measure measure)
    {
        string sign = criterion.Is switch
        {
            Bound.AtMost => "≤",
            Bound.Below => "<",
            Bound.AtLeast => "≥",
            _ => ">",
        };
        string unit = Rules[measure].Unit;
        string value = Invariant($"{(unit == "%" ? criterion.Target * 100 : criterion.Target):0.##} {unit}").TrimEnd();
        string days = measure == Measure.OldCommandCalls ? Invariant($" in {criterion.Days} d") : string.Empty;
        string sample = criterion.MinimumSample > 1 ? Invariant($" (n ≥ {criterion.MinimumSample})") : string.Empty;
        return $"{sign} {value}{days}{sample}";
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
            ? NoData("no issue has gone through the unified pipeline yet")
            : new Measurement(succeeded.Length, succeeded.Length, Invariant($"{succeeded.Length} of {latest.Length} issues"), detail);
    }

    private static Measurement BetaIssues(IReadOnlyList<IRunFacts> runs, IReadOnlyList<OpenedBetaIssue> issues)
    {
        if (issues.Count == 0)
        {
            return NoData("no beta issue is opened yet: rollout beta-issues");
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
        return new Measurement(expected, latest.Count(l => l.Run is not null), Invariant($"{expected} of {issues.Count} issues"),
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
                value / before, count, Invariant($"{value / before:0.##} ×"),
                Invariant($"{value:0.#} s over the last {count} runs, {before:0.#} s over as many before the phase"))
            : NoData(
                $"needs {criterion.MinimumSample} unified runs in this phase ({now.Length}) and before it ({evidence.UnifiedBefore.Count})",
                sample: count);
    }

    /// <summary>Returns the figures of the runs that ended last, as many as the criterion counts.</summary>
    private static RunStatistics LastRated(Criterion criterion, Evidence evidence) => new(
        evidence.Rated.Reverse().OrderByDescending(r => r.Ended).Take(LastCount(criterion, evidence.Rated.Count)).Reverse());

    /// <summary>Returns how many of the last runs or issues the criterion counts.</summary>
    private static int LastCount(Criterion criterion, int available) =>
        criterion.Runs == 0 ? available : available >= criterion.Runs ? criterion.Runs : criterion.MinimumSample;

    private static Measurement ComparedIssues(ConsistencyReport report) =>
        Count(report.Compared, report.Compared, $"{report.Compared} issues compared{Unmatched(report)}");

    private static Measurement LegacyChoices(ConsistencyReport report)
    {
        string[] issues = [.. BothChose(report).Select(c => c.Issue)];
        string named = issues.Length == 0 ? string.Empty : $"; both sides chose on {string.Join(", ", issues.Take(10))}";
        return Count(issues.Length, report.Compared, $"{report.Compared} issues compared{named}");
    }

    private static IEnumerable<IssueComparison> BothChose(ConsistencyReport report) =>
        report.Issues.Where(c => !c.IsUnmatched && c.Legacy.Specialists.Count > 0 && c.Unified.Specialists.Count > 0);

    private static Measurement Consistency(ConsistencyReport count) => count.Consistency is { } value
        ? new Measurement(value, count.Compared, Invariant($"{value * 100:0.#} %"),
            $"{count.Unexplained} unexplained, {count.Accepted} with accepted differences, of {count.Compared}; " +
                $"on {BothChose(count).Count()} both sides chose a specialist{Unmatched(count)}")
        : NoData($"no issue compared yet; `compare --sample 20` does it without writing{Unmatched(count)}");

    private static string Unmatched(ConsistencyReport count) =>
        count.Unmatched == 0 ? string.Empty : $"; {count.Unmatched} that legacy leaves unmatched are not counted";

    private static Measurement Soak(Evidence evidence)
    {
        double days = (evidence.At - evidence.State.SoakFrom).TotalDays;
        return new Measurement(days, 0, Invariant($"{Math.Floor(days * 10) / 10:0.0} d"),
            Invariant($"since {evidence.State.SoakFrom:yyyy-MM-dd HH:mm}"));
    }

    private static Measurement OldCommands(Criterion criterion, Evidence evidence)
    {
        int calls = evidence.OldCommandCalls.Count(c => c > evidence.At.AddDays(-criterion.Days) && c >= evidence.State.EvidenceFrom);
        double watched = (evidence.At - evidence.State.EvidenceFrom).TotalDays;
        bool whole = watched >= criterion.Days;

        // A call ages out of the window: that makes it "not yet", never a lasting failure.
        return calls > 0 && evidence.OldCommandCalls[^1] is var last
            ? new Measurement(calls, 0, Invariant($"{calls} in {criterion.Days} d"), Invariant($"the last one {last:yyyy-MM-dd HH:mm}"))
            : new Measurement(calls, 0, Invariant($"{calls} in {Math.Min(watched, criterion.Days):0.0} d"),
                whole ? string.Empty : "not watched long enough yet", whole);
    }

    private static Measurement MeanDuration(Durations runs) => runs.Mean is { } seconds
        ? new Measurement(seconds, runs.Count, Invariant($"{seconds:0.#} s"), $"{runs.Count} runs")
        : NoData("no finished run yet");

    private static Measurement OverBaseline(Durations runs, Baseline baseline) => runs.Mean is { } seconds
        ? new Measurement(
            seconds / baseline.Seconds, runs.Count, Invariant($"{seconds / baseline.Seconds:0.##} ×"),
            Invariant($"{seconds:0.#} s over {runs.Count} runs, baseline {baseline}"))
        : NoData("no finished run yet");

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

    /// <summary>Measures rated runs, and says how many of them failed before the flags were read.</summary>
    private static Measurement OfRated(RunStatistics rated, Func<RunStatistics, Measurement> measure)
    {
        Measurement measured = measure(rated);
        return rated.Counted.Count(RunStatistics.IsUnrouted) is > 0 and var unrouted
            ? measured with { Detail = $"{measured.Detail}; {unrouted} failed before the routing decision" }
            : measured;
    }

    private static Measurement Share(Proportion proportion, string detail = "") => proportion.Share is { } share
        ? new Measurement(share, proportion.Of, Invariant($"{share * 100:0.##} %"), proportion + detail)
        : NoData("no run yet");

    private static Measurement Count(int count, RunStatistics of) => Count(count, of.Counted.Count, $"{of.Counted.Count} runs");

    private static Measurement Count(int count, int sample, string detail) => new(count, sample, Invariant($"{count}"), detail);

    private static Measurement CountIncidents(Evidence evidence, Func<Incident, bool> isCounted)
    {
        Incident[] counted = [.. evidence.State.Incidents.Where(isCounted)];
        return Count(counted.Length, sample: 0, string.Join(", ", counted.Select(i => $"{i.Id} {(i.IsOpen ? "is open" : "is resolved")}")));
    }

    private static Measurement NoData(string detail, int sample = 0) => new(null, sample, "no data", detail);
}

/// <summary>A measured value.</summary>
/// <param name="Value">Null without data.</param>
/// <param name="Sample">What it rests on.</param>
/// <param name="Text">Display text, with unit.</param>
/// <param name="Detail">Display text.</param>
/// <param name="IsComplete">False while the time it is to cover has not passed.</param>
internal sealed record Measurement(double? Value, int Sample, string Text, string Detail, bool IsComplete = true);

/// <summary>How a measure is taken and judged.</summary>
/// <param name="Unit">The unit of its target, as display text.</param>
internal sealed record MeasureRule(MissPolicy OnMiss, string Unit, Func<Criterion, Evidence, Measurement> Take);

/// <summary>How a value that misses its target is judged.</summary>
internal enum MissPolicy
{
    /// <summary>Open while the sample is too small, then unmet.</summary>
    OpenUntilSampled,

    /// <summary>Open: the value only grows, so not enough means not yet.</summary>
    AlwaysOpen,

    /// <summary>Unmet at once.</summary>
    Unmet,
}
