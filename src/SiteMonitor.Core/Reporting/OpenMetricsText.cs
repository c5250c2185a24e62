using System.Globalization;
using System.Text;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Writes figures in the OpenMetrics text format (1.0): gauges over a span, and counters of the current UTC day.</summary>
public static class OpenMetricsText
{
    public const string MediaType = "application/openmetrics-text";
    public const string ContentType = MediaType + "; version=1.0.0; charset=utf-8";

    /// <param name="today">The ledger's records of the current UTC day.</param>
    public static string Write(
        MetricsSummary summary, IReadOnlyList<IRunFacts> today, RolloutState state, GuardPlan guard,
        IReadOnlyList<ServiceStatus> services)
    {
        StringBuilder text = new();
        DateTimeOffset midnight = new(summary.At.UtcDateTime.Date, TimeSpan.Zero);
        foreach (MetricFigure figure in summary.Figures.Where(f => f.Value is not null))
        {
            string unit = figure.Unit;
            string name = $"sitemonitor_{figure.Id.Replace('-', '_')}{(unit.Length > 0 ? $"_{unit}" : string.Empty)}";
            Head(text, name, "gauge", unit, $"{figure.Title}{(figure.Target.Length > 0 ? $", target {figure.Target}" : string.Empty)}.");
            text.Append(name).Append(' ').Append(Number(figure.Value!.Value)).Append('\n');
        }

        Durations(text, summary);
        Gauges(text, "sitemonitor_stage_error_rate_ratio", "ratio",
            "Failed and critical, of the runs that reached a stage, or of all runs.",
            summary.Stages.Where(s => s.Count > 0)
                .Select(s => ($"stage=\"{Escape(s.Stage)}\",logic=\"{Escape(s.Logic)}\"", (double)s.Errors / s.Count)));
        (string Signal, double Value, double Threshold)[] signals =
        [
            .. from signal in GuardSignals.Counted
               let rule = signal.GetRule(guard, state.Guard.HandOverRate)
               where rule is not null
               select (signal.Name, state.Guard.Get(signal.Name).Value, rule.Threshold),
        ];
        Gauges(text, "sitemonitor_guard_signal", string.Empty, "Cumulative sum of a guard signal.",
            signals.Select(s => ($"signal=\"{s.Signal}\"", s.Value)));
        Gauges(text, "sitemonitor_guard_threshold", string.Empty, "The sum at which the signal fires.",
            signals.Select(s => ($"signal=\"{s.Signal}\"", s.Threshold)));
        Gauges(text, "sitemonitor_incidents_open", string.Empty, "Incidents that are not resolved.",
            [(string.Empty, state.Incidents.Count(i => i.IsOpen))]);
        Gauges(text, "sitemonitor_rolled_back", string.Empty, "1 while a rollback is in force, else 0.",
            [(string.Empty, state.RolledBack is null ? 0 : 1)]);
        Gauges(text, "sitemonitor_service_down", string.Empty, "1 while this instance considers the service down, else 0.",
            services.Select(s => ($"service=\"{Escape(s.Name)}\"", s.DownSince is null ? 0d : 1)));
        Counter(text, "sitemonitor_runs", "Runs and completions that ended.", midnight, DailyCounts.Runs(today));
        Counter(text, "sitemonitor_github_calls", "Requests to GitHub.", midnight, DailyCounts.GitHubCalls(today));
        Counter(text, "sitemonitor_tokens", "Tokens that the model charged for.", midnight, DailyCounts.Tokens(today));
        Counter(text, "sitemonitor_cache_hits", "Analyses answered from the cache.", midnight, DailyCounts.CacheHits(today));
        Counter(text, "sitemonitor_commands", "Calls of old commands.", midnight, DailyCounts.Commands(today));
        return text.Append("# EOF\n").ToString();
    }

    private static void Durations(StringBuilder text, MetricsSummary summary)
    {
        const string Name = "sitemonitor_stage_duration_seconds";
        Head(text, Name, "summary", "seconds", "Time of a stage, or of the whole run, by quantile.");
        foreach (StageFigures stage in summary.Stages)
        {
            foreach ((string quantile, double? value) in ((string, double?)[])[("0.5", stage.P50), ("0.95", stage.P95),
                ("0.99", stage.P99)])
            {
                if (value is { } seconds)
                {
                    text.Append(Name)
                        .Append($"{{stage=\"{Escape(stage.Stage)}\",logic=\"{Escape(stage.Logic)}\",quantile=\"{quantile}\"}} ")
                        .Append(Number(seconds)).Append('\n');
                }
            }
        }
    }

    private static void Gauges(
        StringBuilder text, string name, string unit, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        Head(text, name, "gauge", unit, help);
        foreach ((string labels, double value) in samples)
        {
            text.Append(name).Append(labels.Length == 0 ? string.Empty : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');
        }
    }

    private static void Counter(StringBuilder text, string name, string help, DateTimeOffset since, IReadOnlyList<DailyCount> counts)
    {
        Head(text, name, "counter", unit: string.Empty, help);
        foreach (DailyCount count in counts)
        {
            string labels = count.Labels.Count == 0
                ? string.Empty
                : $"{{{string.Join(',', count.Labels.Select(l => $"{l.Name}=\"{Escape(l.Value)}\""))}}}";
            text.Append(name).Append("_total").Append(labels).Append(' ').Append(count.Count.ToString(CultureInfo.InvariantCulture))
                .Append('\n');
            text.Append(name).Append("_created").Append(labels).Append(' ')
                .Append(since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private static void Head(StringBuilder text, string name, string type, string unit, string help)
    {
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        if (unit.Length > 0)
        {
            text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        }

        text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>Today's count for a combination of labels.</summary>
internal sealed record DailyCount(IReadOnlyList<(string Name, string Value)> Labels, long Count);

/// <summary>Counts a day's records by the labels of the exported metrics.</summary>
internal static class DailyCounts
{
    public static IReadOnlyList<DailyCount> Runs(IEnumerable<IRunFacts> today) =>
    [
        .. today.Where(r => r.Kind is RunKind.Run or RunKind.Completion)
            .GroupBy(r => (Kind: WireName.Of(r.Kind), Outcome: WireName.Of(r.Outcome), Route: r.Route is { } route
                ? WireName.Of(route)
                : "none", r.Phase))
            .OrderBy(g => g.Key)
            .Select(g => new DailyCount([("kind", g.Key.Kind), ("outcome", g.Key.Outcome), ("route", g.Key.Route), ("phase", g.Key.Phase)],
                g.Count())),
    ];

    public static IReadOnlyList<DailyCount> GitHubCalls(IReadOnlyList<IRunFacts> today) =>
    [
        new([("kind", "read")], today.Sum(r => (long)r.Usage.GitHubReads)),
        new([("kind", "write")], today.Sum(r => (long)r.Usage.GitHubWrites)),
        new([("kind", "extra")], today.Sum(r => (long)r.Usage.GitHubExtra)),
    ];

    public static IReadOnlyList<DailyCount> Tokens(IReadOnlyList<IRunFacts> today) =>
    [
        new([("kind", "prompt")], today.Sum(r => (long)r.Usage.PromptTokens)),
        new([("kind", "completion")], today.Sum(r => (long)r.Usage.CompletionTokens)),
    ];

    public static IReadOnlyList<DailyCount> CacheHits(IReadOnlyList<IRunFacts> today) => [new([], today.Sum(r => (long)r.Usage.CacheHits))];

    public static IReadOnlyList<DailyCount> Commands(IEnumerable<IRunFacts> today) =>
    [
        .. today.Where(r => r.Kind == RunKind.Command)
            .GroupBy(r => (Command: r.RequestedStage, Mode: r.ReasonCode))
            .OrderBy(g => g.Key)
            .Select(g => new DailyCount([("command", g.Key.Command), ("mode", g.Key.Mode)], g.Count())),
    ];
}
