using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Ledger;

/// <summary>Checks the labels that a run found and left against the state machine.</summary>
internal static class LabelTransition
{
    /// <summary>
    /// Returns whether the issue was in a legal state before and after the run; null when its labels are unknown. It is
    /// <see cref="IRunFacts.IsTransitionValid"/>.
    /// </summary>
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
        return run.Outcome != RunOutcome.Critical
            && LabelStateMachine.ReadState(before, specialists).IsLegal
            && LabelStateMachine.ReadState(after, specialists) is { IsSettled: true } state
            && (!IsLeftByLegacy(state, after) || RunStatistics.IsLegacy(run)
                || before.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(after));
    }

    /// <summary>Whether <c>site-monitor</c> stands beside a specialist: a state to start from, but not one to end in.</summary>
    private static bool IsLeftByLegacy(WorkflowState state, IReadOnlyList<string> labels) =>
        state.SettledState == IssueState.Assigned && labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase);
}
