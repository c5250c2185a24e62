using System.Globalization;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Computes the figures with targets from the records of a span.</summary>
/// <param name="all">Figures of all records.</param>
/// <param name="unified">Figures of the unified runs among them, and of what became of their issues.</param>
internal sealed class MetricFigures(
    RunStatistics all, RunStatistics unified, ConsistencyReport comparisons, DateTimeOffset from, DateTimeOffset now)
{
    private readonly RunStatistics _rated = new(all.Records.Where(RunStatistics.CountsForRates));

    public IReadOnlyList<MetricFigure> All() =>
    [
        Share("success-rate", "Success rate", _rated.Successes, "> 95 %", share => share > Targets.SuccessRate),
        HandOvers(),
        Share("error-rate", "Error rate", _rated.Errors, "< 1 %", share => share < Targets.ErrorRate),
        Unrouted(),
        MeanDuration(),
        CostPerIssue(),
        Share("transitions-right", "Label transitions right", unified.ValidTransitions, "100 %", share => share >= 1),
        Consistency(),
        Shown("right-choice", "Choice of specialist kept", unified.RightChoices.Share, "ratio", _ => $"{unified.RightChoices} issues"),
        Interventions(),
        Uptime(),
        GitHubCalls("github-calls-per-issue", "GitHub calls an issue", usage => usage.GitHubReads + usage.GitHubWrites,
            Targets.GitHubCalls),
        GitHubCalls("github-writes-per-issue", "GitHub writes an issue", usage => usage.GitHubWrites, Targets.GitHubWrites),
        PerIssue("model-calls-per-issue", "Model calls an issue", unified.Counted.Sum(r => r.Usage.ModelCalls)),
        TokensPerIssue(),
        CacheHits(),
        Throughput(),
        OldCommands(),
        Migration(),
    ];

    private int Issues => unified.Issues;

    /// <summary>Runs that a person has to finish, with the reasons; shown beside the success rate.</summary>
    private MetricFigure HandOvers()
    {
        Proportion share = _rated.HandOvers;
        string reasons = string.Join(", ", Enum.GetValues<HandOverReason>()
            .Select(reason => (Name: ToText(reason), Count: _rated.CountHandOvers(reason)))
            .Where(reason => reason.Count > 0)
            .Select(reason => Text($"{reason.Count} {reason.Name}")));
        return Shown("hand-over-rate", "Handed over to a person", share.Share, "ratio",
            _ => reasons.Length == 0 ? share.ToString() : $"{share}: {reasons}");
    }

    private static string ToText(HandOverReason reason) => reason switch
    {
        HandOverReason.Unsure => "unsure",
        HandOverReason.Unanswered => "unanswered",
        HandOverReason.Refused => "refused by the model",
        HandOverReason.StageDisabled => "stage switched off",
        _ => "for other reasons",
    };

    private MetricFigure MeanDuration() => Figure("mean-duration", "Mean processing time", unified.Durations.Mean, "seconds",
        value => Text($"{value:0.0} s, {unified.Durations.Count} runs"), "< 30 s", value => value < Targets.MeanSeconds);

    private MetricFigure CostPerIssue()
    {
        // The legacy logic asks no model: what a legacy run costs is the comparison within it.
        (decimal dollars, int issues) = (all.Dollars, all.AnalyzedIssues);
        return Figure("cost-per-issue", "Cost an issue", issues == 0 ? null : (double)dollars / issues, "dollars",
            value => Text($"${value:0.0000}, ${dollars:0.00} for {issues} issues"), "< $0.05", value => value < Targets.DollarsPerIssue);
    }

    private MetricFigure TokensPerIssue()
    {
        (long tokens, int issues) = (all.Tokens, all.AnalyzedIssues);
        return Shown("tokens-per-issue", "Tokens an issue", issues == 0 ? null : (double)tokens / issues, string.Empty,
            value => Text($"{value:0.##}, {tokens} for {issues} issues"));
    }

    private MetricFigure Consistency() => Figure("consistency", "Consistency of old and new", comparisons.Consistency, "ratio",
        value => Text($"{value * 100:0.#} %, {comparisons.Unexplained} unexplained of {comparisons.Compared}"), "100 %",
        value => value >= 1);

    private MetricFigure Interventions()
    {
        int count = unified.ManualInterventions;
        return Figure("manual-interventions", "Manual interventions a day", unified.Counted.Count == 0 ? null : count / Days, string.Empty,
            value => Text($"{value:0.##}, {count} in {Span}"), "0", value => value <= 0);
    }

    private MetricFigure Uptime()
    {
        (int beats, int expected) = Heartbeats.Count(all.Records, from, now);
        return Figure("uptime", "Uptime", expected == 0 ? null : (double)beats / expected, "ratio",
            value => Text($"{value * 100:0.00} %, {beats} of {expected} signs of life"), "> 99.5 %", value => value > Targets.Uptime);
    }

    /// <summary>Computed for issues that went from discovery to Copilot, over all their runs; each is to meet the target.</summary>
    private MetricFigure GitHubCalls(string id, string title, Func<Usage, int> calls, double target)
    {
        IReadOnlyList<int> whole = all.CountCallsPerIssue(calls);
        return Figure(id, title, whole.Count == 0 ? null : whole.Average(), string.Empty,
            value => Text($"{value:0.##}, at most {whole.Max()}, {whole.Count} issues end to end"), Text($"≤ {target:0}"),
            _ => whole.Max() <= target);
    }

    private MetricFigure PerIssue(string id, string title, long total) =>
        Shown(id, title, Issues == 0 ? null : (double)total / Issues, string.Empty,
            value => Text($"{value:0.##}, {total} for {Issues} issues"));

    private MetricFigure CacheHits()
    {
        int hits = unified.Counted.Sum(r => r.Usage.CacheHits);
        int analyses = hits + unified.Counted.Count(r => r.Usage.ModelCalls > 0);
        return Shown("cache-hit-rate", "Analyses from the cache", analyses == 0 ? null : (double)hits / analyses, "ratio",
            value => Text($"{value * 100:0.#} %, {hits} of {analyses}"));
    }

    private MetricFigure Throughput() =>
        Shown("throughput", "Issues an hour", Issues == 0 ? null : Issues / (Days * 24), string.Empty,
            value => Text($"{value:0.##}, {Issues} issues in {Span}"));

    private MetricFigure OldCommands()
    {
        int calls = all.Records.Count(r => r.Kind == RunKind.Command);
        return Shown("old-command-calls", "Calls of old commands", calls, string.Empty, _ => Text($"{calls}, in {Span}"));
    }

    /// <summary>Failures before routing, which a rollback would not fix; also counted in the rates.</summary>
    private MetricFigure Unrouted()
    {
        int counted = all.Counted.Count;
        int failed = _rated.Counted.Count(RunStatistics.IsUnrouted);
        return Shown("failed-before-routing", "Failed before the routing decision", counted == 0 ? null : failed, string.Empty,
            _ => Text($"{failed}, of {counted} runs of either logic"));
    }

    /// <summary>Computed over the last day with runs, so that the weeks before the cutover do not lower it for ever.</summary>
    private MetricFigure Migration()
    {
        IRunFacts[] routed = [.. all.Counted.Where(r => r.Route is Logic.Unified or Logic.Legacy)];
        DateTimeOffset since = routed.Length == 0 ? from : routed.Max(r => r.Started).AddDays(-1);
        routed = [.. routed.Where(r => r.Started > since)];
        return Share("migration", "Migration progress", new Proportion(routed.Count(RunStatistics.IsUnified), routed.Length), "100 %",
            share => share >= 1);
    }

    private double Days => Math.Max((now - from).TotalDays, 1.0 / 24);

    private string Span => Days < 1 ? Text($"{Days * 24:0} h") : Text($"{Days:0.#} d");

    private static MetricFigure Share(string id, string title, Proportion proportion, string target, Func<double, bool> met) =>
        Figure(id, title, proportion.Share, "ratio", _ => proportion.ToString(), target, met);

    private static MetricFigure Shown(string id, string title, double? value, string unit, Func<double, string> text) =>
        Figure(id, title, value, unit, text, string.Empty, _ =>
            true) with { Status = value is null ? MetricFigure.NoData : MetricFigure.Shown };

    private static MetricFigure Figure(
        string id, string title, double? value, string unit, Func<double, string> text, string target, Func<double, bool> met) => new()
    {
        Id = id,
        Title = title,
        Value = value,
        Unit = unit,
        Text = value is { } number ? text(number) : "no data",
        Target = target,
        Status = value is not { } n ? MetricFigure.NoData : met(n) ? MetricFigure.Met : MetricFigure.Missed,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The targets of the customer's plan, and our own for calls to GitHub.</summary>
public static class Targets
{
    public const double SuccessRate = 0.95;
    public const double MeanSeconds = 30;
    public const double DollarsPerIssue = 0.05;
    public const double ErrorRate = 0.01;
    public const double Uptime = 0.995;
    public const double MeanOverFullCutover = 0.8;
    public const double GitHubCalls = 6;
    public const double GitHubWrites = 4;
}
