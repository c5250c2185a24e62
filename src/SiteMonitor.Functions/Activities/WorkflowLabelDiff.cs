using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>Notices that somebody else changed a workflow label while a run was on.</summary>
internal static class WorkflowLabelDiff
{
    /// <param name="ours">What we would have written to the labels before: a try whose answer got lost may have done so already.</param>
    public static bool HasChanged(IReadOnlyList<string> before, IReadOnlyList<string> now, SpecialistCatalogue catalogue, IssueChange? ours = null)
    {
        HashSet<string> changed = Workflow(before, catalogue);
        changed.SymmetricExceptWith(Workflow(now, catalogue));
        changed.ExceptWith(ours?.AddLabels ?? []);
        changed.ExceptWith(ours?.RemoveLabels ?? []);
        return changed.Count > 0;
    }

    private static HashSet<string> Workflow(IReadOnlyList<string> labels, SpecialistCatalogue catalogue)
    {
        string[] known =
        [
            WorkflowLabels.SiteMonitor,
            .. WorkflowLabels.ShortLived,
            WorkflowLabels.CopilotAssigned,
            WorkflowLabels.Completed,
            .. WorkflowLabels.Holding,
            .. WorkflowLabels.KnownSpecialists,
            .. catalogue.Specialists.Select(s => s.Label),
        ];
        return labels.Where(label => known.Contains(label, StringComparer.OrdinalIgnoreCase)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
