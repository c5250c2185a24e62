namespace SiteMonitor.Core.Analysis;

public enum Urgency
{
    Low,
    Medium,
    High,
    Critical,
}
