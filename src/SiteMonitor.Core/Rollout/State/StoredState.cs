namespace SiteMonitor.Core.Rollout.State;

/// <summary>The state as its store has it.</summary>
/// <param name="Version">Changes with every save; a save names the one it has read.</param>
public sealed record StoredState(RolloutState State, string Version);
