using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
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

/// <summary>What became of some issues.</summary>
internal static class OutcomeText
{
    /// <summary>Waiting for a person, skipped and unmatched are ends of the way too; only failed and critical are failures.</summary>
    public static bool IsFailure(IssueStatus status) => status.Failure.Length > 0
        || (status.LastRun is { } run && (run.Outcome == WireName.Of(RunOutcome.Failed) || run.Outcome == WireName.Of(RunOutcome.Critical)));

    public static void Write(IAnsiConsole console, IReadOnlyList<IssueStatus> issues)
    {
        Table table = new Table().Border(TableBorder.Minimal).AddColumns("issue", "outcome", "specialists", "GitHub calls", "tokens", "seconds", "why");
        foreach (IssueStatus issue in issues)
        {
            RunSummary? run = issue.LastRun;
            table.AddRow(
                new Text(issue.Issue),
                new Text(run?.Outcome ?? issue.RuntimeStatus),
                new Text(string.Join(", ", run?.Specialists ?? [])),
                new Text(run is null ? string.Empty : $"{run.GitHubReads + run.GitHubWrites + run.GitHubExtra}"),
                new Text(run is null ? string.Empty : $"{run.Tokens}"),
                new Text(run is null ? string.Empty : $"{run.DurationMs / 1000.0:0.0}"),
                new Text(issue.Failure.Length > 0 ? issue.Failure : run?.Reason ?? string.Empty));
        }

        console.Write(table);
        int failed = issues.Count(IsFailure);
        console.MarkupLineInterpolated($"{issues.Count} issue(s) done, {failed} failed.");
        NextStep.Write(console, failed == 0
            ? "issues labelled needs-review or needs clarification wait for a person; the others are with Copilot."
            : "mend what the last column says, then start these issues again with process-pipeline --issue.");
    }
}
