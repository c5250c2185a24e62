namespace SiteMonitor.Core.Issues;

/// <summary>The state of an issue as read from its labels.</summary>
/// <param name="State">The state, with the short-lived labels taken into account.</param>
/// <param name="SettledState">The state without the short-lived labels: the issue's state when no run works on it.</param>
/// <param name="Specialists">Specialist labels of the catalogue, in the catalogue's spelling and order.</param>
/// <param name="SpecialistsWithoutEntry">Known specialist labels without a catalogue entry.</param>
/// <param name="HoldingLabel">The label that keeps the issue from being processed until a person removes it, or null.</param>
/// <param name="Problem">Why these labels form no legal state, as display text; null when they do.</param>
public sealed record WorkflowState(
    IssueState State,
    IssueState SettledState,
    IReadOnlyList<string> Specialists,
    IReadOnlyList<string> SpecialistsWithoutEntry,
    string? HoldingLabel,
    string? Problem)
{
    /// <summary>Whether the labels form a legal state.</summary>
    public bool IsLegal => Problem is null;

    /// <summary>Whether they form a legal state that is not short-lived, as they must after every run.</summary>
    public bool IsSettled => IsLegal && State is not (IssueState.Analyzing or IssueState.Preparing);
}

/// <summary>The state of an issue.</summary>
public enum IssueState
{
    /// <summary>Without a workflow label: not processed.</summary>
    Unmanaged,
    Discovered,

    /// <summary>A run analyzes it (short-lived).</summary>
    Analyzing,

    /// <summary>A person has to choose a specialist or add to the text.</summary>
    Waiting,
    Assigned,

    /// <summary>A run prepares it (short-lived).</summary>
    Preparing,
    Ready,
    Completed,

    /// <summary>Labels that form no legal state, such as those an interrupted run leaves.</summary>
    Interrupted,
}
