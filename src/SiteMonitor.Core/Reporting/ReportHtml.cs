using System.Globalization;
using SiteMonitor.Core.Html;

namespace SiteMonitor.Core.Reporting;

/// <summary>Writes the report as one HTML page.</summary>
public static class ReportHtml
{
    public static string Write(RolloutReport report)
    {
        HtmlPage page = new("Rollout report", "Rollout report");
        page.Append("p", $"Phase {report.Phase}, {Time(report.At)} UTC. Figures since {Time(report.From)} UTC, from the run ledger.");
        AppendTable(page, "Technical metrics", report.Technical);
        AppendTable(page, "Business metrics", report.Business);
        AppendTable(page, "Project metrics", report.Project);
        AppendTable(page, "Further figures", report.Further);
        SvgChart[] charts = [.. ReportCharts.Create(report.Series)];
        if (charts.Length > 0)
        {
            page.Append("h2", "Over time");
        }

        foreach (SvgChart chart in charts)
        {
            page.AppendChart(chart);
        }

        AppendList(page, "h2", "Phases",
            report.Phases.Select(p => $"{p.Phase}: {Time(p.From)} to {(p.To is { } to ? Time(to) : "now")}, " +
                $"entered by {p.By}{(p.Forced ? ", forced" : string.Empty)}"));
        AppendList(page, "h2", "Incidents",
            report.Incidents.Select(i =>
                $"{i.Id} {i.Title}: opened {Time(i.Opened)}, {(i.Resolved is { } end ? $"resolved {Time(end)}" : "open")}"));
        AppendList(page, "h2", "Old commands still called",
            report.OldCommands.Select(c => $"{c.Command}: {c.Calls.ToString(CultureInfo.InvariantCulture)}, last {Time(c.Last)}"));
        page.Append("h2", "Lessons learned");
        AppendList(page, "h3", "What went well", report.WentWell);
        AppendList(page, "h3", "What could be improved", report.CouldBeImproved);
        AppendList(page, "h3", "Action items", report.ActionItems);
        return page.ToString();
    }

    private static void AppendTable(HtmlPage page, string title, IReadOnlyList<ReportRow> rows) => page.Append("h2", title).AppendTable(
        ["Metric", "Target", "Actual", "Status"],
        [.. rows.Select(row => new[] { row.Metric, row.Target, row.Actual, row.Sign })],
        [.. rows.Select(row => row.Status)]);

    private static void AppendList(HtmlPage page, string level, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        page.Append(level, title).AppendList(all.Length == 0 ? ["Nothing recorded."] : all);
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
