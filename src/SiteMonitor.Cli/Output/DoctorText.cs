using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
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

/// <summary>Writes the application's health.</summary>
internal static class HealthText
{
    /// <param name="runs">The latest runs; null if they are not known.</param>
    public static void Write(IAnsiConsole console, Uri url, HealthReport health, RunList? runs)
    {
        console.WriteStyledLine($"{url}: [bold]{health.Status}[/], version {health.Version}");
        Grid grid = ConsoleText.CreateGrid(columns: 3);
        foreach (HealthEntry entry in health.Checks)
        {
            grid.AddTextRow(entry.Status, entry.Name, entry.Detail);
        }

        console.WriteWholeWords(grid);
        console.WriteNextStep(health.Status == HealthReport.Ok
            ? GetNextStep(runs)
            : "follow the lines that are not ok; 'sitemonitor doctor' says more.");
    }

    private static string GetNextStep(RunList? runs)
    {
        // The newest run of an issue says how it stands, and runs are listed newest first.
        RunSummary[] last = [.. (runs?.Runs ?? []).DistinctBy(run => run.Issue)];
        int failed = last.Count(RunText.IsFailure);
        int waiting = last.Count(run => run.Outcome == WireName.Of(RunOutcome.Waiting));
        return (runs, failed, waiting) switch
        {
            ({ Runs.Count: 0, Active.Count: 0 }, _, _) =>
                "no issue has been processed yet; start what waits: sitemonitor process-pipeline",
            (_, > 0, _) => FormattableString.Invariant(
                $"{failed} issue(s) failed; see why: sitemonitor run list --outcome failed,critical"),
            (_, _, > 0) => FormattableString.Invariant(
                $"{waiting} issue(s) wait for a person: sitemonitor run list --outcome waiting. Their last comments say how to answer."),
            _ => "see how the rollout goes: sitemonitor rollout status",
        };
    }
}
