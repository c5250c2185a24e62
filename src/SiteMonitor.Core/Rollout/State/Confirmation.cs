namespace SiteMonitor.Core.Rollout.State;

/// <summary>A criterion somebody vouched for.</summary>
public sealed record Confirmation(string Phase, string Criterion, string By, string Note, DateTimeOffset At);
