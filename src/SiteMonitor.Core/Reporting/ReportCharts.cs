using System.Globalization;
using SiteMonitor.Core.Html;

namespace SiteMonitor.Core.Reporting;

/// <summary>Creates the report's charts of runs and durations over time.</summary>
internal static class ReportCharts
{
    /// <returns>Empty when there was no run.</returns>
    public static IEnumerable<SvgChart> Create(IReadOnlyList<MetricPoint> series)
    {
        int runs = series.Sum(p => p.Runs);
        if (runs == 0)
        {
            yield break;
        }

        string from = Day(series[0]);
        string to = Day(series[^1]);
        int errors = series.Sum(p => p.Errors);
        int most = series.Max(p => p.Runs);
        yield return new SvgChart(
            Text($"Runs and errors: {runs} runs, {errors} failed or critical; at most {most} in one interval."),
            [Bars("runs", series, p => (double)p.Runs / most), Bars("errors", series, p => (double)p.Errors / most)],
            Text($"{most}"), from, to);
        double longest = series.Max(p => p.P95 ?? 0);
        if (longest > 0)
        {
            double top = Math.Max(longest, Targets.MeanSeconds);
            yield return new SvgChart(
                Text($"Duration of unified runs, median and 95th percentile: at most {longest:0.0} s; ")
                    + Text($"the dashed line is the target, {Targets.MeanSeconds:0} s on average."),
                [
                    new ChartSeries("target", [new(0, Targets.MeanSeconds / top), new(1, Targets.MeanSeconds / top)]),
                    Line("p50", series, p => p.P50 / top),
                    Line("p95", series, p => p.P95 / top),
                ],
                Text($"{top:0.#} s"), from, to);
        }
    }

    private static ChartSeries Bars(string style, IReadOnlyList<MetricPoint> series, Func<MetricPoint, double> share) =>
        new(style, [.. series.Select((p, i) => new ChartPoint((double)i / series.Count, share(p)))], BarWidth: 1.0 / series.Count);

    /// <summary>A point stands in the middle of its interval; intervals without runs are skipped.</summary>
    private static ChartSeries Line(string style, IReadOnlyList<MetricPoint> series, Func<MetricPoint, double?> share) => new(
        style,
        [.. series.Select((p, i) => (X: (i + 0.5) / series.Count, Y: share(p))).Where(p => p.Y is not null)
            .Select(p => new ChartPoint(p.X, p.Y!.Value))],
        HasDots: true);

    private static string Day(MetricPoint point) => point.From.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
