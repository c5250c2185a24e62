using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

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
