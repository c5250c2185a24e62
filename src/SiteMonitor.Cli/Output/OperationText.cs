using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes what an operation did or would do.</summary>
internal static class OperationText
{
    public static void Write(IAnsiConsole console, OperationResult result)
    {
        string prefix = result.Code switch
        {
            OperationResult.PlannedCode => "Would do: ",
            OperationResult.PendingCode => "In progress: ",
            OperationResult.NothingToDoCode => "Nothing to do: ",
            _ => string.Empty,
        };
        console.WriteStyledLine($"[bold]{prefix}{result.Title}[/]");
        foreach (FlagChange flag in result.Flags)
        {
            console.WriteStyledLine($"  {flag.Flag}: {flag.Before} → {flag.After}");
        }

        foreach (string line in result.Lines)
        {
            console.WriteStyledLine($"  {line}");
        }

        GateText.WriteCriteria(console, result.Criteria);
        if (result.Next.Length > 0)
        {
            console.WriteNextStep(result.Next);
        }
    }
}

/// <summary>Writes a gate, one criterion a line.</summary>
internal static class GateText
{
    public static void Write(IAnsiConsole console, RolloutStatus status)
    {
        console.WriteStyledLine($"[bold]Gate of phase {status.Phase}[/], evidence since {status.EvidenceFrom:yyyy-MM-dd HH:mm}");
        WriteCriteria(console, status.Gate, withDetail: true);
        console.WriteNextStep(status.Next);
    }

    public static void WriteCriteria(IAnsiConsole console, IReadOnlyList<CriterionResult> criteria, bool withDetail = false)
    {
        if (criteria.Count == 0)
        {
            return;
        }

        Grid grid = ConsoleText.CreateGrid(columns: 3);
        foreach (CriterionResult criterion in criteria)
        {
            Color color = criterion.State switch
            {
                CriterionState.Met => Color.Green,
                CriterionState.Unmet => Color.Red,
                _ => Color.Yellow,
            };
            string detail = withDetail && criterion.Detail.Length > 0 ? $"; {criterion.Detail}" : string.Empty;
            grid.AddRow(
                new Text($"{criterion.Sign}", color),
                ConsoleText.CreateText(criterion.Id),
                ConsoleText.CreateText($"{criterion.Value} (target {criterion.Target}){detail}"));
        }

        console.WriteWholeWords(grid);
    }
}

/// <summary>Writes the audit log, one entry a line.</summary>
internal static class HistoryText
{
    public static void Write(IAnsiConsole console, IReadOnlyList<AuditEntry> entries)
    {
        foreach (AuditEntry entry in entries)
        {
            console.WriteStyledLine($"  {Format(entry)}");
        }
    }

    private static string Format(AuditEntry entry)
    {
        string change = string.Join(" → ", new[] { entry.Before, entry.After }.Where(t => t.Length > 0));
        string reason = entry.Reason.Length == 0 ? string.Empty : $" ({entry.Reason})";
        string text = FormattableString.Invariant($"{entry.At:yyyy-MM-dd HH:mm:ss} {entry.Phase} {entry.Who}: {entry.What}");
        return change.Length == 0 ? text + reason : $"{text} {change}{reason}";
    }
}
