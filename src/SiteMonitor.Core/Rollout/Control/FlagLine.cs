namespace SiteMonitor.Core.Rollout.Control;

/// <summary>One flag as the status shows it.</summary>
/// <param name="Wanted">What the plan says, when the flag says something else; empty otherwise.</param>
public sealed record FlagLine(string Flag, string Setting, string Wanted);
