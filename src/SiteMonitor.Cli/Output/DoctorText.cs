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

        console.WriteWholeWords(grid);
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
