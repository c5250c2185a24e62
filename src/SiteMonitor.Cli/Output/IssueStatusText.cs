using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>How one issue stands.</summary>
internal static class IssueStatusText
{
    public static void Write(IAnsiConsole console, IssueStatus status)
    {
        console.MarkupLineInterpolated($"[bold]{status.Issue}[/]: {status.RuntimeStatus}");
        if (status.Progress is { } progress)
        {
            console.MarkupLineInterpolated($"  {progress.Step}: {progress.Detail} (since {progress.Since:u})");
        }

        if (status.Failure.Length > 0)
        {
            console.MarkupLineInterpolated($"  [red]{status.Failure}[/]");
        }

        if (status.LastRun is { } run)
        {
            WriteRun(console, run);
        }

        NextStep.Write(console, status switch
        {
            { Active: true } => "ask again; a run is on.",
            { LastRun: null } => $"to start it: sitemonitor process-pipeline --issue {status.Issue}",
            _ when OutcomeText.IsFailure(status) => $"mend what it says, then: sitemonitor process-pipeline --issue {status.Issue}",
            _ => "nothing to do here.",
        });
    }

    private static void WriteRun(IAnsiConsole console, RunSummary run)
    {
        console.MarkupLineInterpolated($"  last run {run.Ended:u} by {run.Trigger}: [bold]{run.Outcome}[/] {run.Reason}");
        if (run.Specialists.Count > 0)
        {
            console.MarkupLineInterpolated($"  specialists: {string.Join(", ", run.Specialists)}");
        }

        if (run.Route.Length > 0)
        {
            console.MarkupLineInterpolated($"  route: {run.Route} ({run.RouteReason}), flags {run.FlagsRevision}");
        }

        console.MarkupLineInterpolated(
            $"  {run.DurationMs / 1000.0:0.0} s, GitHub {run.GitHubReads} reads, {run.GitHubWrites} writes, {run.GitHubExtra} extra, model {run.ModelCalls} calls, {run.Tokens} tokens, ${run.Dollars:0.0000}");
    }
}
