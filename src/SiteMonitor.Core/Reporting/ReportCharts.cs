using System.Globalization;
using System.Text;

namespace SiteMonitor.Core.Reporting;

/// <summary>Draws the report's charts as SVG without scripts, each described in words for who does not see it.</summary>
internal static class ReportCharts
{
    private const int Width = 720;
    private const int Height = 160;

    public static void Write(StringBuilder html, IReadOnlyList<MetricPoint> series)
    {
        int runs = series.Sum(p => p.Runs);
        if (runs == 0)
        {
            return;
        }

        int errors = series.Sum(p => p.Errors);
        int most = series.Max(p => p.Runs);
        html.Append("<h2>Over time</h2>\n");
        Figure(html, Text($"Runs and errors: {runs} runs, {errors} failed or critical; at most {most} in one interval."), Bars(series, most));
        double[] durations = [.. series.Select(p => p.P95 ?? 0)];
        double longest = durations.Max();
        if (longest > 0)
        {
            Figure(
                html,
                Text($"Duration of unified runs, median and 95th percentile: at most {longest:0.0} s; the dashed line is the target, {Targets.MeanSeconds:0} s on average."),
                Lines(series, Math.Max(longest, Targets.MeanSeconds)));
        }
    }

    private static void Figure(StringBuilder html, string caption, string shapes)
    {
        html.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"")
            .Append(caption).Append("\">").Append(shapes).Append("</svg><figcaption>").Append(caption).Append("</figcaption></figure>\n");
    }

    private static string Bars(IReadOnlyList<MetricPoint> series, int most)
    {
        StringBuilder shapes = new();
        double step = (double)Width / series.Count;
        for (int i = 0; i < series.Count; i++)
        {
            Bar(shapes, "runs", i * step, step, (double)series[i].Runs / most);
            Bar(shapes, "errors", i * step, step, (double)series[i].Errors / most);
        }

        return shapes.ToString();
    }

    private static void Bar(StringBuilder shapes, string kind, double x, double step, double share)
    {
        if (share > 0)
        {
            double height = share * Height;
            shapes.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"{kind}\" x=\"{x + 1:0.#}\" y=\"{Height - height:0.#}\" width=\"{step - 2:0.#}\" height=\"{height:0.#}\"/>");
        }
    }

    private static string Lines(IReadOnlyList<MetricPoint> series, double top)
    {
        string target = Text($"{Height - (Targets.MeanSeconds / top * Height):0.#}");
        return $"<line class=\"target\" x1=\"0\" x2=\"{Width}\" y1=\"{target}\" y2=\"{target}\"/>"
            + Line("p50", series, p => p.P50, top) + Line("p95", series, p => p.P95, top);
    }

    /// <summary>A point stands in the middle of its interval; intervals without runs are skipped.</summary>
    private static string Line(string kind, IReadOnlyList<MetricPoint> series, Func<MetricPoint, double?> value, double top)
    {
        double step = (double)Width / series.Count;
        string[] points = [.. series.Select((p, i) => (X: (i + 0.5) * step, Y: value(p))).Where(p => p.Y is not null)
            .Select(p => Text($"{p.X:0.#},{Height - (p.Y!.Value / top * Height):0.#}"))];
        string dots = string.Concat(points.Select(p => p.Split(','))
            .Select(p => $"<circle class=\"{kind}\" cx=\"{p[0]}\" cy=\"{p[1]}\" r=\"2.5\"/>"));
        return $"<polyline class=\"{kind}\" points=\"{string.Join(' ', points)}\"/>{dots}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
