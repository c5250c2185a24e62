namespace SiteMonitor.Core.Rollout;

/// <param name="Reason">For people, when it may not.</param>
public sealed record TriggerDecision(bool MayStart, string Reason);
