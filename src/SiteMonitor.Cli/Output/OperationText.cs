using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
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

/// <summary>A gate, criterion by criterion.</summary>
internal static class GateText
{
    public static void Write(IAnsiConsole console, RolloutStatus status)
    {
        console.MarkupLineInterpolated($"[bold]Gate of phase {status.Phase}[/], evidence since {status.EvidenceFrom:yyyy-MM-dd HH:mm}");
        WriteCriteria(console, status.Gate, withDetail: true);
        NextStep.Write(console, status.Next);
    }

    public static void WriteCriteria(IAnsiConsole console, IReadOnlyList<CriterionResult> criteria, bool withDetail = false)
    {
        int width = criteria.Count == 0 ? 0 : criteria.Max(c => c.Id.Length);
        foreach (CriterionResult criterion in criteria)
        {
            string colour = criterion.State switch
            {
                CriterionState.Met => "green",
                CriterionState.Unmet => "red",
                _ => "yellow",
            };
            console.Markup($"  [{colour}]{criterion.Sign}[/] ");
            string detail = withDetail && criterion.Detail.Length > 0 ? $"; {criterion.Detail}" : string.Empty;
            console.MarkupLineInterpolated($"{criterion.Id.PadRight(width)}  {criterion.Value} (target {criterion.Target}){detail}");
        }
    }
}

/// <summary>The audit log, a line an entry.</summary>
internal static class HistoryText
{
    public static void Write(IAnsiConsole console, IReadOnlyList<AuditEntry> entries)
    {
        foreach (AuditEntry entry in entries)
        {
            console.MarkupLineInterpolated($"  {Line(entry)}");
        }
    }

    public static string Line(AuditEntry entry)
    {
        string change = entry.Before.Length + entry.After.Length == 0 ? string.Empty : $" {string.Join(" → ", new[] { entry.Before, entry.After }.Where(t => t.Length > 0))}";
        string reason = entry.Reason.Length == 0 ? string.Empty : $" ({entry.Reason})";
        return FormattableString.Invariant($"{entry.At:yyyy-MM-dd HH:mm:ss} {entry.Phase} {entry.Who}: {entry.What}{change}{reason}");
    }
}
