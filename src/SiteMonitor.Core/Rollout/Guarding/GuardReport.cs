namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What came of a round of the guard.</summary>
/// <param name="Saw">For people.</param>
/// <param name="Verdict">Null when there was no reason to roll back.</param>
/// <param name="RolledBack">Whether it did; false beside a verdict: it would have, but automatic rollback is off or all of it is taken back already.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardReport(string Saw, GuardVerdict? Verdict, bool RolledBack, string Problem);
