using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Finds each run that lost an issue's text, once; also one that began before the flags last changed.</summary>
internal static class LostTextDetector
{
    private const int OlderKept = 200;

    /// <summary>Returns those that are not handled yet, in the order they ended, and marks them as handled.</summary>
    /// <param name="runs">All recent runs.</param>
    public static IReadOnlyList<IRunFacts> TakeNew(IEnumerable<IRunFacts> runs, RolloutEdit edit)
    {
        RolloutState state = edit.State;
        IRunFacts[] lost = [.. runs.Where(r => RunStatistics.IsUnified(r) && RunStatistics.IsTextLost(r)).OrderBy(r => r.Ended)];

        // In a document of an older version, runs that ended before the flags last changed were handled then.
        IReadOnlyList<string> handled = state.HandledLostTextRuns ?? [.. lost.Where(r => r.Ended <= state.GuardFrom).Select(r => r.RunId)];
        IRunFacts[] news = [.. lost.Where(r => !handled.Contains(r.RunId))];
        if (news.Length > 0 || state.HandledLostTextRuns is null)
        {
            string[] recent = [.. lost.Select(r => r.RunId)];
            edit.State = state with { HandledLostTextRuns = [.. handled.Except(recent).TakeLast(OlderKept), .. recent] };
        }

        return news;
    }

    /// <summary>Opens an incident for lost text when the pipeline is already off and there is nothing to roll back.</summary>
    public static void Announce(IReadOnlyList<IRunFacts> lost, RolloutEdit edit)
    {
        if (lost.Count > 0)
        {
            edit.ReportIncident(
                edit.State.FindRollbackIncident() ?? edit.State.FindOpenIncident(GuardSignals.TextLost),
                "Text of an issue was lost or corrupted", AuditEntry.Guard,
                [$"A run that was active before the rollback ended since: {Describe(lost)}"], GuardSignals.TextLost);
        }
    }

    public static string Describe(IEnumerable<IRunFacts> lost) =>
        $"signal {GuardSignals.TextLost}: " +
        string.Join("; ", lost.Select(r => $"the text of {r.Issue} was lost or corrupted (run {r.RunId})"));
}
