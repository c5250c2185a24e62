using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Opens incidents without a rollback: one for each signal, so that an open one never hides another's.</summary>
internal static class GuardIncidents
{
    /// <summary>Reports a signal that rolls nothing back.</summary>
    public static void Report(RolloutEdit edit, FiredSignal fired, IReadOnlyList<IRunFacts> runs)
    {
        (string title, string advice) = fired.Signal switch
        {
            GuardSignals.HandOver => (
                "More issues wait for a person than before",
                "Nothing is rolled back: look at why they wait (GET metrics, hand-overs by reason)."),
            GuardSignals.Refused => (
                "The model refuses one issue after the other",
                "Nothing is rolled back: read the issues; the content filter may be right, or the texts are what the model cannot answer."),
            _ => (
                "Runs fail before the routing decision",
                "Neither logic gets to work, so a rollback would not help: doctor says what is wrong."),
        };
        string seen = fired.Signal == GuardSignals.Unrouted ? $"{fired.Message} ({CountCodes(runs)})" : fired.Message;
        Open(edit, fired.Signal, title, [seen, advice], isCausedByAuthors: fired.Signal == GuardSignals.Refused);
    }

    /// <summary>Reports that legacy runs fail about as often, so the cause is outside the pipeline.</summary>
    public static void ReportLegacyFailure(RolloutEdit edit, FiredSignal fired, Proportion legacy) => Open(
        edit, fired.Signal, "Old and new logic fail alike", [fired.Message,
            $"The legacy runs of that time: {legacy}. Nothing is rolled back, since that would not help: look at GitHub and the model."]);

    /// <summary>Reports a rollback that is left to people because automatic rollback is off; lost text is reported each time.</summary>
    public static void ReportNotRolledBack(RolloutEdit edit, FiredSignal decision)
    {
        if (decision.Signal == GuardSignals.TextLost && edit.State.FindOpenIncident(decision.Signal) is { } open)
        {
            edit.UpdateIncident(open, AuditEntry.Guard, [$"Observed: {decision.Message}"]);
        }
        else
        {
            Open(edit, decision.Signal,
                $"The guard would roll back ({decision.Signal}), but {FlagNames.AutomaticRollback} is off",
                [$"Observed: {decision.Message}", "Decide: rollout rollback --reason \"…\""]);
        }
    }

    private static string CountCodes(IEnumerable<IRunFacts> runs) => string.Join(", ", runs.Where(RunStatistics.IsUnrouted)
        .GroupBy(r => r.ReasonCode).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}"));

    private static void Open(RolloutEdit edit, string signal, string title, IReadOnlyList<string> lines, bool isCausedByAuthors = false)
    {
        if (edit.State.FindOpenIncident(signal) is null)
        {
            edit.OpenIncident(title, AuditEntry.Guard, lines, signal, isCausedByAuthors);
        }
    }
}
