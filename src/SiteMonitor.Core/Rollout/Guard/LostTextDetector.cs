using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Finds each run that lost an issue's text, once: also one that began before the flags last changed, for its text is as lost as any.</summary>
internal static class LostTextDetector
{
    /// <summary>Those nobody has seen yet, in the order they ended; from now on they are seen.</summary>
    /// <param name="runs">All runs of the longest window.</param>
    public static IReadOnlyList<RunRecord> TakeNew(IEnumerable<RunRecord> runs, RolloutEdit edit)
    {
        RolloutState state = edit.State;
        RunRecord[] lost = [.. runs.Where(r => RunStatistics.IsUnified(r) && RunStatistics.IsTextLost(r)).OrderBy(r => r.Ended)];

        // A document from before this was kept: what ended before the flags last changed was acted upon then.
        IReadOnlyList<string> seen = state.HandledLostTextRuns ?? [.. lost.Where(r => r.Ended <= state.GuardFrom).Select(r => r.RunId)];
        RunRecord[] unseen = [.. lost.Where(r => !seen.Contains(r.RunId))];
        if (unseen.Length > 0 || state.HandledLostTextRuns is null)
        {
            edit.State = state with { HandledLostTextRuns = [.. lost.Select(r => r.RunId)] };
        }

        return unseen;
    }

    public static RollbackDecision Decide(IReadOnlyList<RunRecord> lost) => new(RollbackKind.Full, [], GuardSignals.TextLost, Describe(lost));

    /// <summary>The pipeline is off already: nothing to take back, but people have to know of every text that was lost.</summary>
    public static void Announce(IReadOnlyList<RunRecord> lost, RolloutEdit edit)
    {
        if (lost.Count == 0)
        {
            return;
        }

        string text = $"A run that was on before the rollback ended since: {Describe(lost)}";
        Incident? open = edit.State.Incidents.FirstOrDefault(i => i.IsOpen && i.Id == edit.State.RolledBack?.IncidentId) ?? GuardIncidents.Find(edit, GuardSignals.TextLost);
        if (open is null)
        {
            GuardIncidents.Report(edit, GuardSignals.TextLost, "Text of an issue was lost or corrupted", [text]);
        }
        else
        {
            GuardIncidents.Update(edit, open, text);
        }
    }

    private static string Describe(IEnumerable<RunRecord> lost) =>
        string.Join("; ", lost.Select(r => $"the text of {r.Issue} was lost or corrupted (run {r.RunId})"));
}
