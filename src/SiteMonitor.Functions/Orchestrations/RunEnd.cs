using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>How a stage, or the run, ended.</summary>
/// <param name="NeedsRestoring">Short-lived labels may stand and have to come off.</param>
internal sealed record RunEnd(RunOutcome Outcome, string Code, string Reason, bool NeedsRestoring = false)
{
    public static RunEnd Succeeded { get; } = new(RunOutcome.Succeeded, string.Empty, string.Empty);

    /// <summary>The kill switch fell before the write.</summary>
    public static RunEnd Rerouted { get; } =
        new(RunOutcome.Rerouted, "kill-switch", "The feature flags no longer give this issue the logic the run had begun with.", NeedsRestoring: true);

    /// <summary>Whether the next stage of the run may begin.</summary>
    public bool GoesOn => Outcome == RunOutcome.Succeeded;

    public static RunEnd Skipped(Refusal why, bool needsRestoring = false) => new(RunOutcome.Skipped, why.Code, why.Reason, needsRestoring);

    public static RunEnd Waiting(string code, string reason) => new(RunOutcome.Waiting, code, reason);

    public static RunEnd Failed(string code, string reason) => new(RunOutcome.Failed, code, reason);
}
