using System.Globalization;

namespace SiteMonitor.Core.Reporting;

/// <summary>Writes the daily and weekly progress lines: the plan's daily checks, with the report's figures.</summary>
internal static class ProgressLines
{
    private static readonly string[] Checks = ["success-rate", "error-rate", "mean-duration", "cost-per-issue", "manual-interventions",
        "consistency", "migration", "uptime"];

    public static IReadOnlyList<string> Lines(MetricsSummary summary, int openIncidents) =>
    [
        Text(
            $"{summary.Outcomes.Sum(o => o.Value)} runs ({Count(summary.Routes, "unified")} unified, {Count(summary.Routes, "legacy")} legacy)."),
        .. summary.Figures.Where(f => Checks.Contains(f.Id) && f.Status != MetricFigure.NoData)
            .Select(f => $"{Sign(f)} {f.Title}: {f.Text} (target {f.Target})"),
        .. summary.Stages.Where(s => s is { Logic: "unified", P95: not null })
            .Select(s => Text($"{s.Stage}, unified: p50 {s.P50:0.#} s, p95 {s.P95:0.#} s.")),
        summary.Failures.Count == 0
            ? "No run failed."
            : $"Failures: {string.Join("; ", summary.Failures.Take(5).Select(f => $"{f.Runs} × {f.Code}, for example {f.Issue}"))}.",
        Text($"Open incidents: {openIncidents}."),
    ];

    private static int Count(IReadOnlyDictionary<string, int> routes, string route) => routes.TryGetValue(route, out int count) ? count : 0;

    private static string Sign(MetricFigure figure) => figure.Status == MetricFigure.Met ? "✓" : "✗";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
