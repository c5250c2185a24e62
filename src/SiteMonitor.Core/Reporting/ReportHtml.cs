using System.Globalization;
using System.Net;
using System.Text;

namespace SiteMonitor.Core.Reporting;

/// <summary>Writes the report as one HTML page without scripts or external resources.</summary>
public static class ReportHtml
{
    private const string Style = """
        :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border-bottom:1px solid #8886;padding:.35rem .6rem;text-align:left;vertical-align:top}
        td:last-child,th:last-child{text-align:center;width:4rem}.met{color:light-dark(#116329,#57d27a)}.missed{color:light-dark(#a40e26,#ff8b94)}
        figure{margin:.5rem 0 1.5rem}svg{width:100%;height:auto;border-bottom:1px solid #888}figcaption{font-size:.85rem}td,th,li{overflow-wrap:anywhere}
        .runs{fill:light-dark(#54789c,#7ba4cc)}.errors{fill:light-dark(#a40e26,#ff8b94)}.target{stroke:#888;stroke-dasharray:6 4}
        polyline{fill:none;stroke-width:2}polyline.p50{stroke:light-dark(#54789c,#7ba4cc)}polyline.p95{stroke:light-dark(#7a4a00,#e0a94f);stroke-dasharray:3 2}
        circle.p50{fill:light-dark(#54789c,#7ba4cc)}circle.p95{fill:light-dark(#7a4a00,#e0a94f)}
        @media(max-width:34rem){body{margin:1rem auto}table,tbody,tr,td,th{display:block}thead{display:none}tr{padding:.5rem 0;border-bottom:1px solid #8886}
        td,th{border:0;padding:.1rem 0}td:last-child{text-align:left}td:nth-child(2)::before{content:"Target: "}td:nth-child(3)::before{content:"Actual: "}}
        @media print{:root{color-scheme:light;font-size:11px}body{max-width:none;margin:0}h2,h3{break-after:avoid}tr,figure,li{break-inside:avoid}}
        """;

    public static string Write(RolloutReport report)
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" " +
            "content=\"width=device-width,initial-scale=1\"><title>Rollout report</title><style>")
            .Append(Style).Append("</style></head><body>\n<h1>Rollout report</h1>\n<p>Phase <strong>").Append(Encode(report.Phase))
            .Append("</strong>, ")
            .Append(Time(report.At)).Append(" UTC. Figures since ").Append(Time(report.From)).Append(" UTC, from the run ledger.</p>\n");
        Table(html, "Technical metrics", report.Technical);
        Table(html, "Business metrics", report.Business);
        Table(html, "Project metrics", report.Project);
        Table(html, "Further figures", report.Further);
        ReportCharts.Write(html, report.Series);
        List(html, "h2", "Phases",
            report.Phases.Select(p => $"{p.Phase}: {Time(p.From)} to {(p.To is { } to ? Time(to) : "now")}, " +
                $"entered by {p.By}{(p.Forced ? ", forced" : string.Empty)}"));
        List(html, "h2", "Incidents",
            report.Incidents.Select(i =>
                $"{i.Id} {i.Title}: opened {Time(i.Opened)}, {(i.Resolved is { } end ? $"resolved {Time(end)}" : "open")}"));
        List(html, "h2", "Old commands still called",
            report.OldCommands.Select(c => $"{c.Command}: {c.Calls.ToString(CultureInfo.InvariantCulture)}, last {Time(c.Last)}"));
        html.Append("<h2>Lessons learned</h2>\n");
        List(html, "h3", "What went well", report.WentWell);
        List(html, "h3", "What could be improved", report.CouldBeImproved);
        List(html, "h3", "Action items", report.ActionItems);
        return html.Append("</body></html>\n").ToString();
    }

    private static void Table(StringBuilder html, string title, IReadOnlyList<ReportRow> rows)
    {
        html.Append("<h2>").Append(title).Append("</h2>\n<table><thead><tr><th scope=\"col\">Metric</th><th scope=\"col\">Target</th><th " +
            "scope=\"col\">Actual</th><th scope=\"col\">Status</th></tr></thead><tbody>\n");
        foreach (ReportRow row in rows)
        {
            html.Append("<tr><th scope=\"row\">").Append(Encode(row.Metric)).Append("</th><td>").Append(Encode(row.Target))
                .Append("</td><td>").Append(Encode(row.Actual))
                .Append("</td><td class=\"").Append(row.Status).Append("\" title=\"").Append(row.Status).Append("\">").Append(row.Sign)
                .Append("</td></tr>\n");
        }

        html.Append("</tbody></table>\n");
    }

    private static void List(StringBuilder html, string level, string title, IEnumerable<string> lines)
    {
        html.Append('<').Append(level).Append('>').Append(title).Append("</").Append(level).Append(">\n<ul>\n");
        string[] all = [.. lines];
        foreach (string line in all.Length == 0 ? ["Nothing recorded."] : all)
        {
            html.Append("<li>").Append(Encode(line)).Append("</li>\n");
        }

        html.Append("</ul>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
