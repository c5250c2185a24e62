namespace SiteMonitor.Core.Rollout;

public enum Stage
{
    Analysis,
    Preparation,
}
