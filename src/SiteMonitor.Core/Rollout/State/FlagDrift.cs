namespace SiteMonitor.Core.Rollout.State;

/// <summary>A flag that differs from the plan.</summary>
/// <param name="Wanted">What the plan says, for people.</param>
/// <param name="Actual">What the flag says, for people.</param>
public sealed record FlagDrift(string Flag, string Wanted, string Actual);
