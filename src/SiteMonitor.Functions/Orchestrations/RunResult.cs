using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>How a stage, or the whole run, ended.</summary>
/// <param name="NeedsRestoring">Short-lived labels may be on the issue and must be removed.</param>
internal sealed record RunResult(RunOutcome Outcome, string Code, string Reason, bool NeedsRestoring = false)
{
    public static RunResult Succeeded { get; } = new(RunOutcome.Succeeded, string.Empty, string.Empty);

    private static readonly RunResult Rerouted =
        new(RunOutcome.Rerouted, "kill-switch", "The feature flags changed: the issue no longer gets the logic that the run began with.",
            NeedsRestoring: true);

    /// <summary>The text changed after its analysis; the run analyzes again. The outcome counts only if it keeps changing.</summary>
    public static RunResult TextChanged { get; } = new(
        RunOutcome.Waiting,
        WaitCodes.TextKeepsChanging,
        "The issue's text changed each time after it was analyzed: start the issue again when the text is final.",
        NeedsRestoring: true);

    /// <summary>Whether the run's next stage may begin.</summary>
    public bool Continues => Outcome == RunOutcome.Succeeded;

    public static RunResult Skipped(
        Refusal reason, bool needsRestoring = false) => new(RunOutcome.Skipped, reason.Code, reason.Reason, needsRestoring);

    public static RunResult Waiting(string code, string reason) => new(RunOutcome.Waiting, code, reason);

    public static RunResult Failed(string code, string reason) => new(RunOutcome.Failed, code, reason);

    /// <summary>Returns how the run ends when an activity of a stage did not do its work, else <paramref name="whenDone"/>.</summary>
    public static RunResult From(StageResult stage, RunResult whenDone) => stage.Status switch
    {
        StageStatus.Done => whenDone,
        StageStatus.Rerouted => Rerouted,
        StageStatus.TextChanged => TextChanged,
        StageStatus.Waiting => Waiting(stage.Refusal!.Code, stage.Refusal.Reason) with { NeedsRestoring = true },
        _ => Skipped(stage.Refusal!, needsRestoring: true),
    };
}
