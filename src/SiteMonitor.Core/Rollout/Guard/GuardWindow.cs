using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>The runs the guard judges: those of the last 15 min, widened to the last 20, at most 24 h; nothing when no run ended in the last 15 min (a burst that is over).</summary>
public sealed class GuardWindow
{
    private GuardWindow(IReadOnlyList<RunRecord> runs, bool isLive)
    {
        Runs = runs;
        IsLive = isLive;
        Figures = new RunStatistics(runs);
    }

    /// <summary>Oldest first, by end.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }

    /// <summary>Whether a run ended within the window's minutes.</summary>
    public bool IsLive { get; }

    public RunStatistics Figures { get; }

    /// <summary>Id of the run that ended last; empty without one.</summary>
    public string NewestRun => Runs.Count == 0 ? string.Empty : Runs[^1].RunId;

    /// <param name="unified">Runs the new logic had a part in, since the flags last changed.</param>
    public static GuardWindow Of(IEnumerable<RunRecord> unified, GuardPlan plan, DateTimeOffset now)
    {
        RunRecord[] runs =
        [
            .. unified.Where(r => r.Outcome != RunOutcome.Skipped && r.Ended > now.AddHours(-plan.WindowHours))
                .OrderBy(r => r.Ended).ThenBy(r => r.RunId, StringComparer.Ordinal),
        ];
        int recent = runs.Count(r => r.Ended > now.AddMinutes(-plan.WindowMinutes));
        return new GuardWindow(runs[Math.Max(0, runs.Length - Math.Max(recent, plan.WindowRuns))..], recent > 0);
    }
}
