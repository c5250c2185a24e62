using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes the rollout's status on one screen: 80 columns, at most 40 lines with the built-in plan.</summary>
internal static class RolloutStatusText
{
    private const int MaxOpenCriteria = 8;

    /// <summary>Columns below which the flags are listed one a line.</summary>
    private const int WidthOfTwoFlags = 80;

    public static void Write(IAnsiConsole console, RolloutStatus status)
    {
        WriteHeader(console, status);
        WriteVerdict(console, status.Verdict);
        WriteFlags(console, status);
        string share = status.Cohorts.UnifiedShare is { } unified
            ? FormattableString.Invariant($"{unified * 100:0.#} % unified")
            : "no issue yet";
        console.WriteStyledLine($"Last 24 h: {status.Cohorts.Unified} issues unified, {status.Cohorts.Legacy} legacy ({share})");
        WriteGate(console, status);
        WriteGuard(console, status);
        foreach (Incident incident in status.Incidents)
        {
            string acknowledged = incident.AcknowledgedBy is { } by ? $"acknowledged by {by}" : "not acknowledged";
            console.WriteStyledLine(
                $"[red]{incident.Id}[/] open since {incident.Opened:yyyy-MM-dd HH:mm}, {acknowledged}: {incident.Title}");
        }

        if (status.AnnouncementsWaiting > 0)
        {
            console.WriteStyledLine($"{status.AnnouncementsWaiting} announcements are waiting to be sent");
        }

        if (status.ChannelsMissing.Count > 0)
        {
            console.WriteStyledLine($"[grey]Channels not configured: {string.Join(", ", status.ChannelsMissing)}[/]");
        }

        console.WriteLine("Last events:");
        HistoryText.Write(console, status.Events);
        console.WriteNextStep(status.Next);
    }

    private static void WriteHeader(IAnsiConsole console, RolloutStatus status)
    {
        double days = (status.At - status.Since).TotalDays;
        console.WriteStyledLine($"[bold]{status.Phase}[/] ({status.Title}) since {status.Since:yyyy-MM-dd HH:mm}, {days:0.0} d");
        console.WriteStyledLine($"[grey]{string.Join(" → ", status.Phases.Select(p => p == status.Phase ? $"({p})" : p))}[/]");
        if (status.Frozen is { } frozen)
        {
            console.WriteStyledLine($"[yellow]Frozen[/] by {frozen.By} since {frozen.At:yyyy-MM-dd HH:mm}: {frozen.Reason}");
        }

        if (status.RolledBack is { } mark)
        {
            console.WriteStyledLine($"[red]Rolled back[/] ({mark.Title}) by {mark.By} at {mark.At:yyyy-MM-dd HH:mm}: {mark.Reason}");
        }

        if (status.Transition.Length > 0)
        {
            console.WriteStyledLine($"[yellow]Flags being written[/]: {status.Transition}");
        }
    }

    private static void WriteVerdict(IAnsiConsole console, Verdict verdict)
    {
        Color color = verdict.Word switch
        {
            Verdict.Healthy => Color.Green,
            Verdict.RolledBack or Verdict.Down => Color.Red,
            _ => Color.Yellow,
        };
        console.WriteStyledLine($"{new Style(color, decoration: Decoration.Bold)}{verdict.Word}[/]: {verdict.Reason}");
    }

    private static void WriteFlags(IAnsiConsole console, RolloutStatus status)
    {
        console.WriteStyledLine($"Flags (revision {status.FlagsRevision}):");
        int columns = console.Profile.Width < WidthOfTwoFlags ? 1 : 2;
        Grid grid = ConsoleText.CreateGrid(columns);
        foreach (FlagLine[] row in status.Flags.Chunk(columns))
        {
            grid.AddTextRow([.. row.Select(f => $"{f.Flag} {f.Setting}")]);
        }

        console.WriteWholeWords(grid);
        foreach (FlagLine flag in status.Flags.Where(f => f.Wanted.Length > 0))
        {
            console.WriteStyledLine($"  [yellow]drift[/] {flag.Flag} is {flag.Setting}, the plan says {flag.Wanted}");
        }

        foreach (string problem in status.FlagProblems)
        {
            console.WriteStyledLine($"  [red]{problem}[/]");
        }
    }

    private static void WriteGuard(IAnsiConsole console, RolloutStatus status)
    {
        string round = status.GuardRoundAt is { } at
            ? FormattableString.Invariant($" (ran {Math.Max(0, (int)(status.At - at).TotalMinutes)} min ago)")
            : " (has not run yet)";
        string observation = status.Guard.Observation.Length == 0
            ? "no run counted yet (successful runs are counted when the guard next runs, within a minute)"
            : status.Guard.Observation;
        console.WriteStyledLine($"Guard{round}: {observation}");
        if (status.GuardProblem.Length > 0)
        {
            console.WriteStyledLine($"[red]{status.GuardProblem}[/]");
        }
    }

    private static void WriteGate(IAnsiConsole console, RolloutStatus status)
    {
        if (status.Gate.Count == 0)
        {
            return;
        }

        CriterionResult[] open = [.. status.Gate.Where(c => c.State != CriterionState.Met)];
        console.WriteStyledLine($"Gate: {status.Gate.Count - open.Length} of {status.Gate.Count} met");

        // With few open criteria there is room for those that are met, with their figures.
        IEnumerable<CriterionResult> met = status.Gate.Where(c => c.State == CriterionState.Met);
        GateText.WriteCriteria(console, [.. open.Take(MaxOpenCriteria), .. met.Take(Math.Max(0, MaxOpenCriteria - open.Length))]);
        if (open.Length > MaxOpenCriteria)
        {
            console.WriteStyledLine($"  and {open.Length - MaxOpenCriteria} more: rollout gate");
        }
    }
}
