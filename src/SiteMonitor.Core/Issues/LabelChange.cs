namespace SiteMonitor.Core.Issues;

/// <summary>The labels that a transition adds and removes (nothing that is so already), or why it is refused.</summary>
public sealed record LabelChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove, Refusal? Refused = null)
{
    public static LabelChange None { get; } = new([], []);

    public bool IsEmpty => Add.Count == 0 && Remove.Count == 0;

    public static LabelChange Refuse(string code, string reason) => new([], [], new Refusal(code, reason));

    public IssueChange ToIssueChange() => new() { AddLabels = Add, RemoveLabels = Remove };
}

/// <summary>A step of the label state machine.</summary>
public enum Transition
{
    StartAnalysis,

    /// <summary>Ends an analysis that is not followed by preparation in the same run.</summary>
    Assign,

    /// <summary>Adds the specialists' labels and <c>processing</c> in the write that puts the guidance into the body.</summary>
    Prepare,
    AwaitReview,
    AwaitClarification,

    /// <summary>Replaces <c>processing</c> by <c>copilot-assigned</c>, once Copilot is assigned.</summary>
    Finish,
    Complete,

    /// <summary>Removes the short-lived labels after a failure or a crash.</summary>
    Restore,
}
