using System.Globalization;
using System.Net;
using System.Text;

namespace SiteMonitor.Core.Backtest;

/// <summary>Writes a backtest as one HTML page with charts, without scripts or external resources.</summary>
public static class BacktestHtml
{
    private const int Width = 560;
    private const int Height = 260;
    private const int Left = 48;
    private const int Right = 16;
    private const int Top = 28;
    private const int Bottom = 28;

    private const string Style = """
        :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border-bottom:1px solid #8886;padding:.3rem .6rem;text-align:left}
        svg{max-width:100%;height:auto}.axis{stroke:#888;fill:none}.line{stroke:light-dark(#0550ae,#79b8ff);fill:none;stroke-width:2}
        .dashed{stroke:light-dark(#953800,#ffab70);fill:none;stroke-width:2;stroke-dasharray:6 4}text{fill:currentColor;font-size:12px}
        """;

    public static string Write(BacktestReport report)
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" ")
            .Append("content=\"width=device-width,initial-scale=1\"><title>Backtest</title><style>").Append(Style)
            .Append("</style></head><body>\n<h1>Backtest of ").Append(Encode(report.Repository)).Append("</h1>\n");
        foreach (BacktestSection section in BacktestSections.Create(report))
        {
            html.Append("<h2>").Append(Encode(section.Title)).Append("</h2>\n");
            foreach (string line in section.Lines)
            {
                html.Append("<p>").Append(Encode(line)).Append("</p>\n");
            }

            if (section.Chart is { Line.Count: > 0 } chart)
            {
                AppendChart(html, chart);
            }

            AppendTable(html, section);
        }

        return html.Append("</body></html>\n").ToString();
    }

    private static void AppendTable(StringBuilder html, BacktestSection section)
    {
        if (section.Rows.Count == 0)
        {
            html.Append("<p>None.</p>\n");
            return;
        }

        html.Append("<table><thead><tr>").AppendJoin(string.Empty, section.Headings.Select(h => $"<th scope=\"col\">{Encode(h)}</th>"))
            .Append("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in section.Rows)
        {
            html.Append("<tr>").AppendJoin(string.Empty, row.Select(cell => $"<td>{Encode(cell)}</td>")).Append("</tr>\n");
        }

        html.Append("</tbody></table>\n");
    }

    private static void AppendChart(StringBuilder html, Chart chart)
    {
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Encode(chart.Title)}\">")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"16\">{Encode(chart.Title)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\"/>");
        foreach (double share in new[] { 0, 0.5, 1 })
        {
            double at = chart.From + ((chart.To - chart.From) * share);
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{GetY(share) + 4:0}\">{share * 100:0} %</text>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{GetX(chart, at) - 12:0}\" y=\"{Height - 8}\">{at:0.00}</text>");
        }

        AppendLine(html, chart, "line", chart.Line);
        AppendLine(html, chart, "dashed", chart.Dashed);
        html.Append("</svg>\n");
    }

    private static void AppendLine(StringBuilder html, Chart chart, string style, IReadOnlyList<ChartPoint> points) => html
        .Append($"<polyline class=\"{style}\" points=\"")
        .AppendJoin(' ', points.Select(p => FormattableString.Invariant($"{GetX(chart, p.At):0.#},{GetY(p.Share):0.#}")))
        .Append("\"/>");

    private static double GetX(Chart chart, double at) => Left + ((at - chart.From) / (chart.To - chart.From) * (Width - Left - Right));

    private static double GetY(double share) => Height - Bottom - (share * (Height - Top - Bottom));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
