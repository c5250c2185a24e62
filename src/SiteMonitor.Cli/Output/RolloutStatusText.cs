using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>The rollout's status on one screen: 80 columns, at most 40 lines with the built-in plan.</summary>
internal static class RolloutStatusText
{
    private const int MostOpenCriteria = 8;

    public static void Write(IAnsiConsole console, RolloutStatus status)
    {
        Head(console, status);
        Flags(console, status);
        string share = status.Cohorts.UnifiedShare is { } unified ? FormattableString.Invariant($"{unified * 100:0.#} % unified") : "no issue yet";
        console.MarkupLineInterpolated($"Last 24 h: {status.Cohorts.Unified} issues unified, {status.Cohorts.Legacy} legacy ({share})");
        Gate(console, status);
        string round = status.GuardRoundAt is { } at ? FormattableString.Invariant($" (ran {Math.Max(0, (int)(status.At - at).TotalMinutes)} min ago)") : " (has not run yet)";
        console.MarkupLineInterpolated($"Guard{round}: {(status.Guard.Observation.Length == 0 ? "no run counted yet" : status.Guard.Observation)}");
        if (status.GuardProblem.Length > 0)
        {
            console.MarkupLineInterpolated($"[red]{status.GuardProblem}[/]");
        }

        foreach (Incident incident in status.Incidents)
        {
            console.MarkupLineInterpolated($"[red]{incident.Id}[/] open since {incident.Opened:yyyy-MM-dd HH:mm}, {(incident.AcknowledgedBy is { } by ? $"acknowledged by {by}" : "not acknowledged")}: {incident.Title}");
        }

        if (status.AnnouncementsWaiting > 0)
        {
            console.MarkupLineInterpolated($"{status.AnnouncementsWaiting} announcements wait to be sent");
        }

        if (status.ChannelsMissing.Count > 0)
        {
            console.MarkupLineInterpolated($"[grey]Channels not set up: {string.Join(", ", status.ChannelsMissing)}[/]");
        }

        console.WriteLine("Last events:");
        HistoryText.Write(console, status.Events);
        NextStep.Write(console, status.Next);
    }

    private static void Head(IAnsiConsole console, RolloutStatus status)
    {
        console.MarkupLineInterpolated($"[bold]{status.Phase}[/] ({status.Title}) since {status.Since:yyyy-MM-dd HH:mm}, {(status.At - status.Since).TotalDays:0.0} d");
        console.MarkupLineInterpolated($"[grey]{string.Join(" → ", status.Phases.Select(p => p == status.Phase ? $"({p})" : p))}[/]");
        if (status.Frozen is { } frozen)
        {
            console.MarkupLineInterpolated($"[yellow]Frozen[/] by {frozen.By} since {frozen.At:yyyy-MM-dd HH:mm}: {frozen.Reason}");
        }

        if (status.RolledBack is { } mark)
        {
            console.MarkupLineInterpolated($"[red]Rolled back[/] ({mark.Title}) by {mark.By} at {mark.At:yyyy-MM-dd HH:mm}: {mark.Reason}");
        }

        if (status.Transition.Length > 0)
        {
            console.MarkupLineInterpolated($"[yellow]Flags being written[/]: {status.Transition}");
        }
    }

    private static void Flags(IAnsiConsole console, RolloutStatus status)
    {
        console.MarkupLineInterpolated($"Flags (revision {status.FlagsRevision}):");
        foreach (FlagLine[] pair in status.Flags.Chunk(2))
        {
            console.MarkupLineInterpolated($"  {string.Concat(pair.Select(f => $"{f.Flag} {f.Setting}".PadRight(46))).TrimEnd()}");
        }

        foreach (FlagLine flag in status.Flags.Where(f => f.Wanted.Length > 0))
        {
            console.MarkupLineInterpolated($"  [yellow]drift[/] {flag.Flag} is {flag.Setting}, the plan says {flag.Wanted}");
        }

        foreach (string problem in status.FlagProblems)
        {
            console.MarkupLineInterpolated($"  [red]{problem}[/]");
        }
    }

    private static void Gate(IAnsiConsole console, RolloutStatus status)
    {
        if (status.Gate.Count == 0)
        {
            return;
        }

        CriterionResult[] open = [.. status.Gate.Where(c => c.State != CriterionState.Met)];
        console.MarkupLineInterpolated($"Gate: {status.Gate.Count - open.Length} of {status.Gate.Count} met");
        GateText.WriteCriteria(console, [.. open.Take(MostOpenCriteria)]);
        if (open.Length > MostOpenCriteria)
        {
            console.MarkupLineInterpolated($"  and {open.Length - MostOpenCriteria} more: rollout gate");
        }

        // With few criteria there is room for those that are met, with their figures.
        if (open.Length < MostOpenCriteria)
        {
            GateText.WriteCriteria(console, [.. status.Gate.Where(c => c.State == CriterionState.Met).Take(MostOpenCriteria - open.Length)]);
        }
    }
}
