using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Ledger;

/// <summary>Checks the labels that a run found and left against the state machine.</summary>
internal static class LabelTransition
{
    /// <summary>Returns whether the run took the issue from a legal state to a legal state.</summary>
    /// <returns>
    /// Null when the labels are unknown, and when the run put right a state that it found and that is not in the state machine: such a
    /// state is judged where a run leaves it, and a person or a crashed tool may have made it.
    /// </returns>
    public static bool? IsRight(RunRecord run)
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
        bool isLeftRight = run.Outcome != RunOutcome.Critical
            && LabelStateMachine.ReadState(after, specialists) is { IsSettled: true } state
            && (!IsLeftByLegacy(state, after) || RunStatistics.IsLegacy(run)
                || before.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(after));
        return isLeftRight && !LabelStateMachine.ReadState(before, specialists).IsLegal ? null : isLeftRight;
    }

    /// <summary>Whether <c>site-monitor</c> stands beside a specialist: a state to start from, but not one to end in.</summary>
    private static bool IsLeftByLegacy(WorkflowState state, IReadOnlyList<string> labels) =>
        state.SettledState == IssueState.Assigned && labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase);
}
