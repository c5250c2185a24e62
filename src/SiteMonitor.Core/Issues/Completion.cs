using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Completes issues.</summary>
public static class Completion
{
    /// <summary>Returns the write that completes an issue: its workflow labels off, <c>completed</c> on, closed.</summary>
    /// <returns>An empty change when the issue is completed already.</returns>
    public static ChangePlan Plan(IssueFacts issue, SpecialistCatalogue catalogue)
    {
        LabelChange labels = LabelStateMachine.Apply(issue, Transition.Complete, catalogue);
        return labels.Refused is { } refused
            ? ChangePlan.Refuse(refused)
            : new ChangePlan(labels.ToIssueChange() with { Close = issue.IsOpen });
    }

    internal static LabelChange GetLabelChange(LabelSet set, WorkflowState state, SpecialistCatalogue catalogue) =>
        state.SettledState is IssueState.Assigned or IssueState.Ready or IssueState.Completed
            ? LabelStateMachine.CreateChange(
                set,
                [WorkflowLabels.Completed],
                WorkflowLabels.GetManaged(catalogue).Where(label => label != WorkflowLabels.Completed))
            : LabelChange.Refuse(
                SkipCodes.NothingToComplete,
                $"Only an assigned or ready issue can be completed; this one is {LabelStateMachine.GetStateName(state.SettledState)}.");
}
