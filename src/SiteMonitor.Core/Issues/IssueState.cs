namespace SiteMonitor.Core.Issues;

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
