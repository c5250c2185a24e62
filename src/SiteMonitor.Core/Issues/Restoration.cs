using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>What a run that cannot go on does to the labels, so that the issue stands in a row of the state table again.</summary>
public static class Restoration
{
    /// <summary>
    /// Takes the short-lived labels off. Where the run's own write of body and labels had begun (a chosen specialist is on the issue beside <c>site-monitor</c>),
    /// it takes that step's other removals to their end: the issue is then assigned, and the next run prepares it.
    /// </summary>
    /// <param name="chosen">The specialists that this run had chosen by analysis; empty when it had not come so far.</param>
    public static IssueChange Plan(IssueFacts issue, SpecialistCatalogue catalogue, IReadOnlyList<string> chosen) =>
        LabelStateMachine.Apply(issue, Transition.Restore, catalogue, chosen).ToIssueChange();

    internal static LabelChange GetLabelChange(LabelSet set, IReadOnlyList<string> chosen)
    {
        IEnumerable<string> remove = WorkflowLabels.ShortLived;
        return LabelStateMachine.CreateChange(set, [], set.HasAll(chosen) ? remove.Append(WorkflowLabels.SiteMonitor) : remove);
    }
}
