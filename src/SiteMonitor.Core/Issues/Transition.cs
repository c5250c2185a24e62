namespace SiteMonitor.Core.Issues;

/// <summary>The steps the state machine knows.</summary>
public enum Transition
{
    StartAnalysis,
    StartPreparation,

    /// <summary>Ends an analysis that is not followed by preparation in the same run.</summary>
    Assign,

    /// <summary>Writes the specialists and <c>processing</c> in one go: the guidance is in the body, Copilot is assigned next.</summary>
    Prepare,
    AwaitReview,
    AwaitClarification,

    /// <summary>Copilot is assigned: <c>copilot-assigned</c> instead of <c>processing</c>.</summary>
    Finish,
    Complete,

    /// <summary>Takes the short-lived labels off after a failure or a crash.</summary>
    Restore,
}
