using System.Globalization;
using System.Text;

namespace SiteMonitor.Core.Html;

/// <summary>A chart in SVG without scripts; its caption says in words what it shows.</summary>
/// <param name="Caption">Plain text.</param>
/// <param name="Series">What is drawn, the first one at the back.</param>
/// <param name="Top">What the highest point of the vertical axis stands for: <c>100 %</c>.</param>
/// <param name="From">What the beginning of the horizontal axis stands for.</param>
/// <param name="To">What its end stands for.</param>
internal sealed record SvgChart(string Caption, IReadOnlyList<ChartSeries> Series, string Top, string From, string To)
{
    private const int Width = 720;
    private const int Height = 200;
    private const int Left = 56;
    private const int Base = 176;
    private const int Ceiling = 12;

    public void Write(StringBuilder html)
    {
        string caption = HtmlPage.Encode(Caption);
        html.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{caption}\">")
            .Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Ceiling}V{Base}H{Width}\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{Ceiling + 6}\">{HtmlPage.Encode(Top)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{Base}\">0</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 8}\">{HtmlPage.Encode(From)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - 4}\" y=\"{Height - 8}\" ")
            .Append("text-anchor=\"end\">").Append(HtmlPage.Encode(To)).Append("</text>");
        foreach (ChartSeries series in Series)
        {
            if (series.BarWidth > 0)
            {
                AppendBars(html, series);
            }
            else
            {
                AppendLine(html, series);
            }
        }

        html.Append("</svg><figcaption>").Append(caption).Append("</figcaption></figure>\n");
    }

    private static void AppendBars(StringBuilder html, ChartSeries series)
    {
        double width = Math.Max(1, (series.BarWidth * (Width - Left)) - 2);
        foreach (ChartPoint point in series.Points.Where(p => p.Y > 0))
        {
            html.Append(CultureInfo.InvariantCulture, $"<rect class=\"{series.Style}\" x=\"{GetX(point) + 1:0.#}\" ")
                .Append(CultureInfo.InvariantCulture, $"y=\"{GetY(point):0.#}\" ")
                .Append(CultureInfo.InvariantCulture, $"width=\"{width:0.#}\" height=\"{Base - GetY(point):0.#}\"/>");
        }
    }

    private static void AppendLine(StringBuilder html, ChartSeries series)
    {
        html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{series.Style}\" points=\"")
            .AppendJoin(' ', series.Points.Select(p => FormattableString.Invariant($"{GetX(p):0.#},{GetY(p):0.#}")))
            .Append("\"/>");
        foreach (ChartPoint point in series.HasDots ? series.Points : [])
        {
            html.Append(CultureInfo.InvariantCulture, $"<circle class=\"{series.Style}\" cx=\"{GetX(point):0.#}\" ")
                .Append(CultureInfo.InvariantCulture, $"cy=\"{GetY(point):0.#}\" r=\"2.5\"/>");
        }
    }

    private static double GetX(ChartPoint point) => Left + (point.X * (Width - Left));

    private static double GetY(ChartPoint point) => Base - (point.Y * (Base - Ceiling));
}

/// <summary>A line, or bars, of a chart.</summary>
/// <param name="Style">One of the page's classes: <c>p50</c>, <c>p95</c>, <c>target</c>; for bars <c>runs</c>, <c>errors</c>.</param>
/// <param name="BarWidth">Width of a bar as a share of the chart; 0 for a line.</param>
internal sealed record ChartSeries(string Style, IReadOnlyList<ChartPoint> Points, bool HasDots = false, double BarWidth = 0);

/// <summary>A point of a chart; for a bar its upper left corner.</summary>
/// <param name="X">0 (left) to 1.</param>
/// <param name="Y">0 (bottom) to 1.</param>
internal readonly record struct ChartPoint(double X, double Y);
