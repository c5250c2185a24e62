using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Core.Ledger;

/// <param name="Outcome">What the stage came to; a stage that did not run has no entry.</param>
/// <param name="Ms">Milliseconds of work, waits left out.</param>
public sealed record StageRecord(Stage Stage, Logic Logic, RunOutcome Outcome, long Ms);
