using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Detects that a person changed a workflow or specialist label of an issue in progress.</summary>
public static class ManualIntervention
{
    /// <summary>Returns whether the labels show a change that is neither ours nor an answer to a waiting issue.</summary>
    /// <param name="before">The labels as we last saw or left them.</param>
    /// <param name="now">The labels as GitHub shows them.</param>
    /// <param name="catalogue">The specialists an issue can be assigned to.</param>
    /// <param name="ours">Our own change to the labels: an attempt whose response was lost may have made it already.</param>
    public static bool IsShownBy(
        IReadOnlyList<string> before, IReadOnlyList<string> now, SpecialistCatalogue catalogue, IssueChange? ours = null)
    {
        if (LabelStateMachine.ReadState(before, catalogue).SettledState is IssueState.Waiting or IssueState.Completed
            or IssueState.Unmanaged)
        {
            return false;
        }

        HashSet<string> changed = GetWorkflowLabels(before, catalogue);
        changed.SymmetricExceptWith(GetWorkflowLabels(now, catalogue));
        changed.ExceptWith(ours?.AddLabels ?? []);
        changed.ExceptWith(ours?.RemoveLabels ?? []);

        // Removing a label that holds the issue back is how a person lets it go on.
        changed.ExceptWith(WorkflowLabels.Holding.Except(now, StringComparer.OrdinalIgnoreCase));
        return changed.Count > 0;
    }

    private static HashSet<string> GetWorkflowLabels(IReadOnlyList<string> labels, SpecialistCatalogue catalogue) =>
        labels.Intersect(WorkflowLabels.GetAll(catalogue), StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
