using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>Detects that somebody else changed a workflow label during a run.</summary>
internal static class WorkflowLabelDiff
{
    /// <param name="ours">Our own change to the labels: an attempt whose response was lost may have made it already.</param>
    public static bool HasChanged(
        IReadOnlyList<string> before, IReadOnlyList<string> now, SpecialistCatalogue catalogue, IssueChange? ours = null)
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
