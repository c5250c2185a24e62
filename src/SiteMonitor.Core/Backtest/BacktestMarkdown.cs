using System.Text;

namespace SiteMonitor.Core.Backtest;

/// <summary>Writes a backtest as Markdown.</summary>
public static class BacktestMarkdown
{
    public static string Write(BacktestReport report)
    {
        StringBuilder text = new($"# Backtest of {report.Repository}\n");
        foreach (BacktestSection section in BacktestSections.Create(report))
        {
            text.Append($"\n## {section.Title}\n\n");
            foreach (string line in section.Lines)
            {
                text.Append($"- {line}\n");
            }

            if (section.Rows.Count == 0)
            {
                text.Append("None.\n");
                continue;
            }

            text.Append(section.Lines.Count > 0 ? "\n" : string.Empty);
            AppendRow(text, section.Headings);
            text.Append($"|{string.Concat(section.Headings.Select(_ => "---|"))}\n");
            foreach (IReadOnlyList<string> row in section.Rows)
            {
                AppendRow(text, row);
            }
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append($"| {string.Join(" | ", cells.Select(PlainMarkdown.Escape))} |\n");
}
