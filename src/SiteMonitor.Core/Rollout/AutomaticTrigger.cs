namespace SiteMonitor.Core.Rollout;

public enum AutomaticTrigger
{
    Webhook,
    Timer,
}
