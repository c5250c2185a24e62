using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

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
