using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>A batch that was started, or planned.</summary>
internal static class BatchText
{
    public static void Write(Terminal terminal, BatchResponse batch, bool dryRun)
    {
        IAnsiConsole console = terminal.Out;
        foreach (BatchEntry entry in batch.Issues)
        {
            console.MarkupLineInterpolated($"{entry.Issue}: {entry.Result}");
            if (entry.Plan is { } plan)
            {
                PlanText.Write(console, plan);
            }
        }

        WriteProblems(terminal.Error, batch);
        console.MarkupLineInterpolated($"{batch.Issues.Count} issue(s) taken up, {batch.Started} started.");
        NextStep.Write(console, dryRun ? "to do it: the same command without --dry-run."
            : batch.Issues.Count == 0 ? "nothing waits; label an issue site-monitor to have it processed."
            : "to see how they go: sitemonitor status --issue owner/name#number, or add --wait.");
    }

    public static void WriteProblems(IAnsiConsole console, BatchResponse batch)
    {
        foreach (string problem in batch.Problems)
        {
            console.MarkupLineInterpolated($"[red]{problem}[/]");
        }
    }
}
