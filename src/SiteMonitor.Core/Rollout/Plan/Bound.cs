namespace SiteMonitor.Core.Rollout.Plan;

public enum Bound
{
    AtMost,
    Below,
    AtLeast,
    Above,
}
