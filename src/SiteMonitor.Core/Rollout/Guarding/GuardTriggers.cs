namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What makes the guard roll back.</summary>
public static class GuardTriggers
{
    public const string ErrorRate = "error-rate";
    public const string Critical = "critical";
    public const string Duration = "duration";
    public const string TextLost = "text-lost";
}
