using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Brings an issue back into a lasting state after a run that could not finish.</summary>
public static class Restoration
{
    /// <summary>
    /// Returns the change that removes the short-lived labels, and <c>site-monitor</c> where the run has already added
    /// the chosen specialists' labels: the issue is then assigned, and the next run prepares it.
    /// </summary>
    /// <param name="chosen">The specialists that this run has chosen by analysis; empty before that.</param>
    public static IssueChange Plan(IssueFacts issue, SpecialistCatalogue catalogue, IReadOnlyList<string> chosen) =>
        LabelStateMachine.Apply(issue, Transition.Restore, catalogue, chosen).ToIssueChange();

    internal static LabelChange GetLabelChange(LabelSet set, IReadOnlyList<string> chosen)
    {
        IEnumerable<string> remove = WorkflowLabels.ShortLived;
        return LabelStateMachine.CreateChange(set, [], set.HasAll(chosen) ? remove.Append(WorkflowLabels.SiteMonitor) : remove);
    }
}
