namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Which GitHub workflows are enabled in a phase.</summary>
public enum WorkflowMode
{
    Old,
    Both,
    New,
}
