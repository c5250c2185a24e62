namespace SiteMonitor.Core.Issues;

public enum CloseReason
{
    Completed,
    NotPlanned,
    Duplicate,
}
