namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What came of a round of the guard.</summary>
/// <param name="Observation">For people.</param>
/// <param name="Decision">Null when there was no reason to roll back.</param>
/// <param name="RolledBack">Whether it did; false beside a verdict: it would have, but automatic rollback is off or all of it is taken back already.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardResult(string Observation, RollbackDecision? Decision, bool RolledBack, string Problem);
