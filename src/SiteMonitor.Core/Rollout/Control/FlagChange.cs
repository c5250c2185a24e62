namespace SiteMonitor.Core.Rollout.Control;

/// <summary>One flag's change, for people.</summary>
public sealed record FlagChange(string Flag, string Before, string After);
