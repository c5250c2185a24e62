namespace SiteMonitor.Core.Comparison;

public enum ComparedField
{
    Outcome,
    Specialists,
    Labels,
    Assignees,
    Guidance,
    Duration,
}
