namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What makes the guard roll back, or speak up.</summary>
public static class GuardSignals
{
    public const string ErrorRate = "error-rate";
    public const string Critical = "critical";
    public const string Duration = "duration";
    public const string TextLost = "text-lost";

    /// <summary>Runs fail before the flags are asked: nothing to roll back would help, but somebody has to know.</summary>
    public const string Unrouted = "unrouted";
}
