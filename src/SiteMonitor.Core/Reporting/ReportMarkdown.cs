using System.Globalization;
using System.Text;

namespace SiteMonitor.Core.Reporting;

/// <summary>Writes the report as Markdown, in the format of the customer's plan.</summary>
public static class ReportMarkdown
{
    public static string Write(RolloutReport report)
    {
        StringBuilder text = new();
        Line(text, $"# Rollout report");
        Line(text, $"");
        Line(text, $"Phase **{report.Phase}**, {Time(report.At)} UTC. Figures since {Time(report.From)} UTC, from the run ledger.");
        Table(text, "Technical metrics", report.Technical);
        Table(text, "Business metrics", report.Business);
        Table(text, "Project metrics", report.Project);
        Table(text, "Further figures", report.Further);
        Section(text, "Phases", report.Phases.Select(p =>
            $"{p.Phase}: {Time(p.From)} to {(p.To is { } to ? Time(to) : "now")}, " +
                $"entered by {p.By}{(p.Forced ? ", forced" : string.Empty)}"));
        Section(text, "Incidents", report.Incidents.Select(i =>
            $"{i.Id} {i.Title}: opened {Time(i.Opened)}, {(i.Resolved is { } end ? $"resolved {Time(end)}" : "open")}"));
        Section(text, "Old commands still called",
            report.OldCommands.Select(c => FormattableString.Invariant($"{c.Command}: {c.Calls}, last {Time(c.Last)}")));
        Line(text, $"");
        Line(text, $"## Lessons learned");
        Section(text, "What went well", report.WentWell, "###");
        Section(text, "What could be improved", report.CouldBeImproved, "###");
        Section(text, "Action items", report.ActionItems, "###", "- [ ]");
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<ReportRow> rows)
    {
        Line(text, $"");
        Line(text, $"## {title}");
        Line(text, $"");
        Line(text, $"| Metric | Target | Actual | Status |");
        Line(text, $"|---|---|---|---|");
        foreach (ReportRow row in rows)
        {
            string cells = string.Join(" | ", new[] { row.Metric, row.Target, row.Actual }.Select(PlainMarkdown.Escape));
            Line(text, $"| {cells} | {row.Sign} |");
        }
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines, string level = "##", string bullet = "-")
    {
        Line(text, $"");
        Line(text, $"{level} {title}");
        Line(text, $"");
        string[] all = [.. lines];
        if (all.Length == 0)
        {
            Line(text, $"- Nothing recorded.");
        }

        foreach (string line in all)
        {
            Line(text, $"{bullet} {PlainMarkdown.Escape(line)}");
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
