using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>How a stage, or the run, ended.</summary>
/// <param name="NeedsRestoring">Short-lived labels may stand and have to come off.</param>
internal sealed record RunResult(RunOutcome Outcome, string Code, string Reason, bool NeedsRestoring = false)
{
    public static RunResult Succeeded { get; } = new(RunOutcome.Succeeded, string.Empty, string.Empty);

    /// <summary>The kill switch fell before the write.</summary>
    public static RunResult Rerouted { get; } =
        new(RunOutcome.Rerouted, "kill-switch", "The feature flags no longer give this issue the logic the run had begun with.", NeedsRestoring: true);

    /// <summary>Whether the next stage of the run may begin.</summary>
    public bool Continues => Outcome == RunOutcome.Succeeded;

    public static RunResult Skipped(Refusal why, bool needsRestoring = false) => new(RunOutcome.Skipped, why.Code, why.Reason, needsRestoring);

    public static RunResult Waiting(string code, string reason) => new(RunOutcome.Waiting, code, reason);

    public static RunResult Failed(string code, string reason) => new(RunOutcome.Failed, code, reason);
}
