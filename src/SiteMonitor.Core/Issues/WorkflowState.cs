namespace SiteMonitor.Core.Issues;

/// <summary>What an issue's labels say.</summary>
/// <param name="State">The state, short-lived labels counted.</param>
/// <param name="SettledState">The state without the short-lived labels: where the issue stands when no run works on it.</param>
/// <param name="Specialists">Specialist labels of the catalogue, in the catalogue's spelling and order.</param>
/// <param name="SpecialistsWithoutEntry">Known specialist labels that have no catalogue entry.</param>
/// <param name="HoldingLabel">The label that keeps the pipeline away until a person removes it, or null.</param>
/// <param name="Problem">For people: why these labels make no legal state, or null.</param>
public sealed record WorkflowState(
    IssueState State,
    IssueState SettledState,
    IReadOnlyList<string> Specialists,
    IReadOnlyList<string> SpecialistsWithoutEntry,
    string? HoldingLabel,
    string? Problem)
{
    /// <summary>Whether the labels are one of the rows of the state table.</summary>
    public bool IsLegal => Problem is null;

    /// <summary>Whether the issue is in a legal state that may last: what must hold after every run.</summary>
    public bool IsSettled => IsLegal && State is not (IssueState.Analyzing or IssueState.Preparing);
}

/// <summary>The states of an issue's life, read from its labels.</summary>
public enum IssueState
{
    /// <summary>No label of the workflow: not ours to touch.</summary>
    Unmanaged,
    Discovered,

    /// <summary>Short-lived.</summary>
    Analyzing,

    /// <summary>A person has to decide.</summary>
    Waiting,
    Assigned,

    /// <summary>Short-lived.</summary>
    Preparing,
    Ready,
    Completed,

    /// <summary>Labels that make no state, such as a crash in the middle of a write leaves behind.</summary>
    Interrupted,
}
