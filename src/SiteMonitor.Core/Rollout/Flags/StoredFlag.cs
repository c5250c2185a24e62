namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>A flag as its store has it.</summary>
/// <param name="ETag">Changes with the content; a write names the one it has read.</param>
/// <param name="Problem">Why the flag counts as off although it is there; null when it is fine.</param>
public sealed record StoredFlag(FeatureFlag Flag, string ETag, string? Problem = null);
