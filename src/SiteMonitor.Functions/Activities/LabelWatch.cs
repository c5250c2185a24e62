using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>Notices that somebody else changed a workflow label while a run was on.</summary>
internal static class LabelWatch
{
    public static bool Differ(IReadOnlyList<string> before, IReadOnlyList<string> now, SpecialistCatalogue catalogue) =>
        !Workflow(before, catalogue).SetEquals(Workflow(now, catalogue));

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
