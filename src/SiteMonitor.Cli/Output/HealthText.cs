using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes the application's health.</summary>
internal static class HealthText
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

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
            ? health.Checks.Select(entry => entry.Next).FirstOrDefault(next => next is not null) ?? GetNextStep(runs)
            : "follow the lines that are not ok; 'sitemonitor doctor' says more.");
    }

    private static string GetNextStep(RunList? runs)
    {
        // The newest run of an issue says how it stands, and runs are listed newest first. Older ones may have been settled by a person.
        RunSummary[] last = [.. (runs?.Runs ?? []).DistinctBy(run => run.Issue).Where(run => run.Started > runs!.At - Recent)];
        int failed = last.Count(RunText.IsFailure);
        int waiting = last.Count(run => run.Outcome == WireName.Of(RunOutcome.Waiting));
        return (runs, failed, waiting) switch
        {
            ({ Runs.Count: 0, Active.Count: 0 }, _, _) =>
                "no issue has been processed yet; start the waiting issues: sitemonitor process-pipeline",
            (_, > 0, _) => FormattableString.Invariant(
                $"{failed} issue(s) failed in their last run; see why: sitemonitor run list --outcome failed,critical"),
            (_, _, > 0) => FormattableString.Invariant(
                $"{waiting} issue(s) wait for a person; list them and answer as their last comment says: ")
                + "sitemonitor run list --outcome waiting",
            _ => "check the rollout: sitemonitor rollout status",
        };
    }
}
