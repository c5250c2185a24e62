using System.Net;
using System.Text;

namespace SiteMonitor.Core.Html;

/// <summary>Writes a report as one HTML page without scripts or external resources.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border-bottom:1px solid #8886;padding:.35rem .6rem;text-align:left;vertical-align:top}
        td.met,td.missed,td.unknown,.status{text-align:center;width:4rem}.met{color:light-dark(#116329,#57d27a)}.missed{color:light-dark(#a40e26,#ff8b94)}
        figure{margin:.5rem 0 1.5rem}svg{width:100%;height:auto}figcaption{font-size:.85rem}td,th,li{overflow-wrap:anywhere}
        svg text{fill:currentColor;font-size:12px}.axis{stroke:#888;fill:none}.target{stroke:#888;stroke-dasharray:6 4}
        .runs{fill:light-dark(#54789c,#7ba4cc)}.errors{fill:light-dark(#a40e26,#ff8b94)}
        polyline{fill:none;stroke-width:2}polyline.p50{stroke:light-dark(#54789c,#7ba4cc)}polyline.p95{stroke:light-dark(#7a4a00,#e0a94f);stroke-dasharray:3 2}
        circle.p50{fill:light-dark(#54789c,#7ba4cc)}circle.p95{fill:light-dark(#7a4a00,#e0a94f)}
        @media(max-width:34rem){body{margin:1rem auto}table,tbody,tr,td,th{display:block}thead{display:none}tr{padding:.5rem 0;border-bottom:1px solid #8886}
        td,th{border:0;padding:.1rem 0}td.met,td.missed,td.unknown{text-align:left}td[data-label]::before{content:attr(data-label) ": "}}
        @media print{:root{color-scheme:light;font-size:11px}body{max-width:none;margin:0}h2,h3{break-after:avoid}tr,figure,li{break-inside:avoid}}
        """;

    private readonly StringBuilder _html = new();

    public HtmlPage(string title, string heading) => _html
        .Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" ")
        .Append("content=\"width=device-width,initial-scale=1\"><title>").Append(Encode(title)).Append("</title><style>").Append(Style)
        .Append("</style></head><body>\n<h1>").Append(Encode(heading)).Append("</h1>\n");

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Appends an element with text.</summary>
    /// <param name="element">For example <c>h2</c>.</param>
    public HtmlPage Append(string element, string text)
    {
        _html.Append('<').Append(element).Append('>').Append(Encode(text)).Append("</").Append(element).Append(">\n");
        return this;
    }

    public void AppendList(IReadOnlyCollection<string> lines)
    {
        _html.Append("<ul>\n");
        foreach (string line in lines)
        {
            Append("li", line);
        }

        _html.Append("</ul>\n");
    }

    /// <param name="statuses">
    /// The status of each row, which colours its last cell: <c>met</c>, <c>missed</c> or another; null when rows have none.
    /// </param>
    public void AppendTable(
        IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<string>? statuses = null)
    {
        _html.Append("<table><thead><tr>").AppendJoin(string.Empty, headings.Select(h => $"<th scope=\"col\">{Encode(h)}</th>"))
            .Append("</tr></thead><tbody>\n");
        for (int row = 0; row < rows.Count; row++)
        {
            _html.Append("<tr>");
            for (int cell = 0; cell < rows[row].Count; cell++)
            {
                string status = statuses is not null && cell == rows[row].Count - 1 ? statuses[row] : string.Empty;
                AppendCell(headings[cell], rows[row][cell], cell == 0, status);
            }

            _html.Append("</tr>\n");
        }

        _html.Append("</tbody></table>\n");
    }

    public void AppendChart(SvgChart chart) => chart.Write(_html);

    public override string ToString() => $"{_html}</body></html>\n";

    private void AppendCell(string heading, string text, bool isFirst, string status) => _ = (isFirst, status.Length) switch
    {
        (true, _) => _html.Append("<th scope=\"row\">").Append(Encode(text)).Append("</th>"),
        (_, 0) => _html.Append("<td data-label=\"").Append(Encode(heading)).Append("\">").Append(Encode(text)).Append("</td>"),
        _ => _html.Append("<td class=\"").Append(status).Append("\" title=\"").Append(status).Append("\">").Append(Encode(text))
            .Append("</td>"),
    };
}
