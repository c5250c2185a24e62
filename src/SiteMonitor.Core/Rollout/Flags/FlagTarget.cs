namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>What one flag should say.</summary>
public sealed record FlagTarget(string Flag, FlagSetting Setting);
