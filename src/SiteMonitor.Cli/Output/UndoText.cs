using SiteMonitor.Core.Undo;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes what an undo did or would do.</summary>
internal static class UndoText
{
    public static void Write(IAnsiConsole console, UndoStatus status)
    {
        if (status.State == UndoState.Failed)
        {
            console.WriteStyledLine($"[bold red]Undo {status.Id} failed[/]: {status.Problem}");
            console.WriteNextStep(status.Next);
            return;
        }

        string verb = status.DryRun ? "Would take back" : "Took back";
        console.WriteStyledLine(
            $"[bold]{verb} {status.Undone}[/] of {status.Issues.Count} issues written since {status.Since:yyyy-MM-dd HH:mm} UTC");
        WriteGroup(console, status, UndoResult.Undone, status.DryRun ? "Would be taken back" : "Taken back");
        WriteGroup(console, status, UndoResult.Left, "Left as they are");
        WriteGroup(console, status, UndoResult.Failed, "Failed");
        console.WriteNextStep(status.Next);
    }

    private static void WriteGroup(IAnsiConsole console, UndoStatus status, UndoResult result, string title)
    {
        UndoneIssue[] issues = [.. status.Issues.Where(i => i.Result == result)];
        if (issues.Length == 0)
        {
            return;
        }

        console.WriteStyledLine($"{title}:");
        foreach (UndoneIssue issue in issues)
        {
            console.WriteStyledLine($"  {issue.Issue}: {issue.Detail}{(issue.Code.Length > 0 ? $" ({issue.Code})" : string.Empty)}");
        }
    }
}
