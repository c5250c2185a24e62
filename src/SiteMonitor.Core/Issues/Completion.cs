using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>The end of an issue's life.</summary>
public static class Completion
{
    /// <summary>The one write that completes an issue: workflow and specialist labels off, <c>completed</c> on, closed. Empty when all of that is so already.</summary>
    public static ChangePlan Plan(IssueFacts issue, SpecialistCatalogue catalogue)
    {
        LabelChange labels = LabelStateMachine.Apply(issue, Transition.Complete, catalogue);
        return labels.Refused is { } refused
            ? ChangePlan.Refuse(refused)
            : new ChangePlan(labels.ToIssueChange() with { Close = issue.IsOpen });
    }

    internal static LabelChange GetLabelChange(LabelSet set, WorkflowState reading, SpecialistCatalogue catalogue)
    {
        if (reading.SettledState is not (IssueState.Assigned or IssueState.Ready or IssueState.Completed))
        {
            return LabelChange.Refuse(
                SkipCodes.NothingToComplete,
                $"Only an assigned or ready issue can be completed; this one is {LabelStateMachine.GetStateName(reading.SettledState)}.");
        }

        return LabelStateMachine.CreateChange(set, [WorkflowLabels.Completed], GetRemovedLabels(catalogue));
    }

    private static IEnumerable<string> GetRemovedLabels(SpecialistCatalogue catalogue) =>
    [
        WorkflowLabels.SiteMonitor,
        .. WorkflowLabels.ShortLived,
        WorkflowLabels.CopilotAssigned,
        WorkflowLabels.NeedsReview,
        WorkflowLabels.NeedsClarification,
        .. catalogue.Specialists.Select(s => s.Label),
        .. WorkflowLabels.KnownSpecialists,
    ];
}
