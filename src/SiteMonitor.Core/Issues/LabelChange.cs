namespace SiteMonitor.Core.Issues;

/// <summary>What a transition does to the labels: only what is missing is added, only what is there is removed; or why it is refused.</summary>
public sealed record LabelChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove, Refusal? Refused = null)
{
    public static LabelChange None { get; } = new([], []);

    public bool IsEmpty => Add.Count == 0 && Remove.Count == 0;

    public static LabelChange Refuse(string code, string reason) => new([], [], new Refusal(code, reason));

    public IssueChange ToIssueChange() => new() { AddLabels = Add, RemoveLabels = Remove };
}

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
