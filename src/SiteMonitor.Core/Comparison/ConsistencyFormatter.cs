using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Comparison;

/// <summary>Formats a consistency report.</summary>
public static class ConsistencyFormatter
{
    private static readonly string[] Columns = ["issue", "class", "field", "item", "unified", "legacy", "rule"];

    /// <param name="missing">Issues that are missing from a sample, written beside the report's members; null without a sample.</param>
    public static string ToJson(ConsistencyReport report, int? missing = null)
    {
        JsonNode json = JsonSerializer.SerializeToNode(report, ComparisonJson.Default.ConsistencyReport)!;
        if (missing is { } count)
        {
            json["missing"] = count;
        }

        return json.ToJsonString(ComparisonJson.Default.Options);
    }

    public static string ToMarkdown(ConsistencyReport report)
    {
        StringBuilder text = new("# Comparison of the unified and the legacy pipeline\n\n");
        text.Append(GetSummary(report)).Append("\n\n");
        Discrepancies(text, "Unexplained differences", Rows(report, DifferenceClassification.Unexplained));
        Discrepancies(text, "Accepted differences", Rows(report, DifferenceClassification.Accepted));
        string[] unmatched = [.. report.Issues.Where(c => c.IsUnmatched).Select(c => $"- {c.Issue}: unified: {c.Unified.Outcome}")];
        if (unmatched.Length > 0)
        {
            text.Append("## Unmatched by the legacy rules\n\n").AppendJoin('\n', unmatched).Append("\n\n");
        }

        string[] reasons = [.. report.Issues.SelectMany(c => c.Differences).Where(d => d.Rule.Length > 0)
            .Select(d => $"- `{d.Rule}`: {d.Reason}").Distinct()];
        if (reasons.Length > 0)
        {
            text.Append("## Why differences are accepted\n\n").AppendJoin('\n', reasons).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Returns plain text for a terminal: the figures, then each unexplained difference.</summary>
    public static string ToTable(ConsistencyReport report)
    {
        string[][] rows = [Columns, .. Rows(report, DifferenceClassification.Unexplained)];
        if (rows.Length == 1)
        {
            return GetSummary(report) + "\n";
        }

        int[] widths = [.. Columns.Select((_, column) => rows.Max(row => row[column].Length))];
        IEnumerable<string> lines =
            rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return $"{GetSummary(report)}\n\n{string.Join('\n', lines)}\n";
    }

    public static string GetSummary(ConsistencyReport report)
    {
        string consistency =
            report.Consistency is { } share ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "no data";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Consistency: {consistency} ({report.Compared} compared: {report.Equal} equal, {report.Accepted} with accepted differences, " +
                $"{report.Unexplained} unexplained; {report.Unmatched} unmatched by the legacy rules, apart)");
    }

    private static void Discrepancies(StringBuilder text, string heading, string[][] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture,
            $"## {heading}\n\n| {string.Join(" | ", Columns)} |\n|{string.Concat(Columns.Select(_ => "---|"))}\n");
        foreach (string[] row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {string.Join(" | ", row.Select((cell, column) => column == 0 ? cell : PlainMarkdown.Escape(cell)))} |\n");
        }

        text.Append('\n');
    }

    private static string[][] Rows(ConsistencyReport report, DifferenceClassification wanted) =>
    [
        .. from comparison in report.Issues
           where !comparison.IsUnmatched
           from difference in comparison.Differences
           where difference.Class == wanted
           select new[]
           {
               comparison.Issue,
               Name(difference.Class),
               Name(difference.Field),
               difference.Item.Length == 0 ? "–" : difference.Item,
               difference.Unified.Length == 0 ? "–" : difference.Unified,
               difference.Legacy.Length == 0 ? "–" : difference.Legacy,
               difference.Rule.Length == 0 ? "–" : difference.Rule,
           },
    ];

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
