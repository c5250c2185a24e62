using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Gates;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

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
