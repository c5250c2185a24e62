using SiteMonitor.Core.Rollout.Control;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>What an operation did, or would do.</summary>
internal static class OperationText
{
    public static void Write(IAnsiConsole console, OperationResult result)
    {
        string lead = result.Code switch
        {
            OperationResult.PlannedCode => "Would do: ",
            OperationResult.PendingCode => "Under way: ",
            OperationResult.NothingToDoCode => "Nothing to do: ",
            _ => string.Empty,
        };
        console.MarkupLineInterpolated($"[bold]{lead}{result.Title}[/]");
        foreach (FlagChange flag in result.Flags)
        {
            console.MarkupLineInterpolated($"  {flag.Flag}: {flag.Before} → {flag.After}");
        }

        foreach (string line in result.Lines)
        {
            console.MarkupLineInterpolated($"  {line}");
        }

        GateText.WriteCriteria(console, result.Criteria);
        NextStep.Write(console, result.Next);
    }
}
