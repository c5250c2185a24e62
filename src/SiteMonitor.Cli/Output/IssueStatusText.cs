using System.Globalization;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes the status of one issue.</summary>
internal static class IssueStatusText
{
    public static void Write(IAnsiConsole console, IssueStatus status)
    {
        string state = status.State.Length > 0 ? status.State : "state unknown";
        console.WriteStyledLine($"[bold]{status.Issue}[/]: [bold]{state}[/]{(status.Active ? ", a run is active" : string.Empty)}");
        if (status.StateProblem.Length > 0)
        {
            console.WriteStyledLine($"  [yellow]{status.StateProblem}[/]");
        }

        if (status.Progress is { } progress)
        {
            console.WriteStyledLine($"  {progress.Step}: {progress.Detail} (since {progress.Since:u})");
        }

        if (status.Failure.Length > 0)
        {
            console.WriteStyledLine($"  [red]{status.Failure}[/]");
        }

        if (status.LastRun is { } run)
        {
            WriteRun(console, run);
        }

        console.WriteNextStep(status switch
        {
            { Active: true } => "a run is active; ask again.",
            _ when OutcomeText.IsFailure(status) => $"fix the cause, then: sitemonitor process-pipeline --issue {status.Issue}",
            { State: "waiting" } => "answer it: the issue's last comment says how.",
            { State: "ready" } => "nothing to do; Copilot works on it.",
            { State: "completed" or "closed" } => "nothing to do.",
            { State: "unmanaged" } => "label it site-monitor to have it processed.",
            { State: "discovered" or "assigned" or "interrupted" } or { LastRun: null } =>
                $"start it: sitemonitor process-pipeline --issue {status.Issue}",
            _ => "nothing to do.",
        });
    }

    private static void WriteRun(IAnsiConsole console, RunSummary run)
    {
        console.WriteStyledLine($"  last run {run.Ended:u} by {run.Trigger}: [bold]{run.Outcome}[/] {run.Reason}");
        if (run.Specialists.Count > 0)
        {
            console.WriteStyledLine($"  specialists: {string.Join(", ", run.Specialists)}");
        }

        if (run.Route.Length > 0)
        {
            console.WriteStyledLine($"  route: {run.Route} ({run.RouteReason}), flags {run.FlagsRevision}");
        }

        console.WriteStyledLine($"  {RunText.FormatSeconds(run)}, {RunText.FormatUsage(run)}");
    }
}

/// <summary>Writes the outcomes of some issues.</summary>
internal static class OutcomeText
{
    /// <summary>Returns whether the issue failed; waiting, unmatched and an automatic skip are regular outcomes.</summary>
    public static bool IsFailure(IssueStatus status) =>
        status.Failure.Length > 0
        || HasOutcome(status, RunOutcome.Failed)
        || HasOutcome(status, RunOutcome.Critical)
        || (HasOutcome(status, RunOutcome.Skipped) && status.LastRun!.RequestedStage != RequestedStage.Auto.ToName());

    public static void Write(IAnsiConsole console, IReadOnlyList<IssueStatus> issues)
    {
        Table table = new Table().Border(TableBorder.Minimal)
            .AddColumns("issue", "outcome", "specialists", "GitHub calls", "tokens", "seconds", "reason");
        foreach (TableColumn column in table.Columns.SkipLast(1))
        {
            column.NoWrap = true;
        }

        foreach (IssueStatus issue in issues)
        {
            RunSummary? run = issue.LastRun;
            table.AddTextRow(
                issue.Issue,
                run?.Outcome ?? issue.RuntimeStatus,
                string.Join(", ", run?.Specialists ?? []),
                run is null ? string.Empty : $"{run.GitHubReads + run.GitHubWrites + run.GitHubExtra}",
                run is null ? string.Empty : $"{run.Tokens}",
                run is null ? string.Empty : (run.DurationMs / 1000.0).ToString("0.0", CultureInfo.InvariantCulture),
                issue.Failure.Length > 0 ? issue.Failure : run?.Reason ?? string.Empty);
        }

        console.WriteWholeWords(table);
        console.WriteStyledLine($"{issues.Count} issue(s) done, {issues.Count(IsFailure)} failed.");
        console.WriteNextStep(GetNextStep(issues));
    }

    private static bool HasOutcome(IssueStatus status, RunOutcome outcome) => status.LastRun?.Outcome == WireName.Of(outcome);

    private static string GetNextStep(IReadOnlyList<IssueStatus> issues)
    {
        if (issues.Any(IsFailure))
        {
            return "fix what the last column says, then start these issues again with process-pipeline --issue.";
        }

        if (issues.Any(i => HasOutcome(i, RunOutcome.Waiting)))
        {
            return "answer the waiting issues: their last comment says how.";
        }

        return issues.Any(i => HasOutcome(i, RunOutcome.Unmatched))
            ? "no rule matched the unmatched issues: add a specialist's label to them by hand."
            : "nothing to do.";
    }
}
