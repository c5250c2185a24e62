using SiteMonitor.Core.Html;

namespace SiteMonitor.Core.Backtest;

/// <summary>Writes a backtest as one HTML page with charts.</summary>
public static class BacktestHtml
{
    public static string Write(BacktestReport report)
    {
        HtmlPage page = new("Backtest", $"Backtest of {report.Repository}");
        foreach (BacktestSection section in BacktestSections.Create(report))
        {
            page.Append("h2", section.Title);
            foreach (string line in section.Lines)
            {
                page.Append("p", line);
            }

            if (section.Chart is { } chart && chart.Series.Any(s => s.Points.Count > 0))
            {
                page.AppendChart(chart);
            }

            if (section.Rows.Count == 0)
            {
                page.Append("p", "None.");
            }
            else
            {
                page.AppendTable(section.Headings, section.Rows);
            }
        }

        return page.ToString();
    }
}
