using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes the findings of <c>doctor</c>.</summary>
internal static class DoctorText
{
    public static void Write(IAnsiConsole console, DoctorReport report)
    {
        Grid grid = ConsoleText.CreateGrid(columns: 3);
        foreach (Finding finding in report.Findings)
        {
            grid.AddTextRow(GetSign(finding.Level), finding.Check, finding.Detail);
            if (finding.Advice.Length > 0)
            {
                grid.AddTextRow(string.Empty, string.Empty, $"→ {finding.Advice}");
            }
        }

        console.Write(grid);
        int failures = report.Findings.Count(f => f.Level == FindingLevel.Failure);
        int warnings = report.Findings.Count(f => f.Level == FindingLevel.Warning);
        console.WriteNextStep(failures > 0
            ? FormattableString.Invariant($"fix the {failures} finding(s) marked ✗, then run 'sitemonitor doctor' again.")
            : FormattableString.Invariant($"nothing is wrong ({warnings} warning(s)); 'sitemonitor rollout status' shows the rollout."));
    }

    private static string GetSign(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "✓",
        FindingLevel.Warning => "!",
        _ => "✗",
    };
}

/// <summary>Writes the application's health.</summary>
internal static class HealthText
{
    public static void Write(IAnsiConsole console, Uri url, HealthReport health)
    {
        console.WriteStyledLine($"{url}: [bold]{health.Status}[/], version {health.Version}");
        Grid grid = ConsoleText.CreateGrid(columns: 3);
        foreach (HealthEntry entry in health.Checks)
        {
            grid.AddTextRow(entry.Status, entry.Name, entry.Detail);
        }

        console.Write(grid);
        console.WriteNextStep(health.Status == HealthReport.Ok
            ? "start what waits: sitemonitor process-pipeline"
            : "follow the lines that are not ok; 'sitemonitor doctor' says more.");
    }
}
