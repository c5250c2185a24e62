namespace SiteMonitor.Core.Rollout.State;

/// <summary>The rollout is held where it is.</summary>
public sealed record FreezeMark(string By, string Reason, DateTimeOffset At);
