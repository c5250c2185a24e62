using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Ledger;

/// <summary>Checks the labels that a run found and left against the state machine.</summary>
internal static class LabelTransition
{
    /// <summary>Returns whether the run made a valid transition, for <see cref="IRunFacts.IsTransitionValid"/>.</summary>
    /// <returns>
    /// True if the run left valid labels. False if it did not. Null if the labels are unknown, or if the run found illegal labels and
    /// corrected them: those are counted against the run that left them.
    /// </returns>
    public static bool? IsValid(RunRecord run)
    {
        if (run.LabelsBefore is not { } before)
        {
            return null;
        }

        string[] specialists = [.. run.Specialists.Union(WorkflowLabels.KnownSpecialists, StringComparer.OrdinalIgnoreCase)];
        IReadOnlyList<string> after = run.LabelsAfter ??
        [
            .. before
                .Union(run.LabelsAdded ?? [], StringComparer.OrdinalIgnoreCase)
                .Except(run.LabelsRemoved ?? [], StringComparer.OrdinalIgnoreCase),
        ];
        bool endsValid = run.Outcome != RunOutcome.Critical
            && LabelStateMachine.ReadState(after, specialists) is { IsSettled: true } state
            && (!IsLeftByLegacy(state, after) || RunStatistics.IsLegacy(run)
                || before.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(after));
        return endsValid && !LabelStateMachine.ReadState(before, specialists).IsLegal ? null : endsValid;
    }

    /// <summary>Whether <c>site-monitor</c> stands beside a specialist: a state to start from, but not one to end in.</summary>
    private static bool IsLeftByLegacy(WorkflowState state, IReadOnlyList<string> labels) =>
        state.SettledState == IssueState.Assigned && labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase);
}
