namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What came of a round of the guard.</summary>
/// <param name="Saw">For people.</param>
/// <param name="Verdict">Null when it did not roll back.</param>
/// <param name="Problem">Why flags are not written yet; empty when they are.</param>
public sealed record GuardReport(string Saw, GuardVerdict? Verdict, string Problem);
