using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Workflows;

/// <summary>Switches GitHub Actions workflows on and off.</summary>
public interface IWorkflowSwitch
{
    /// <summary>
    /// Brings a workflow into the wanted state, or says what that would take. A missing workflow or permission is an answer, not an
    /// exception.
    /// </summary>
    /// <param name="file">Its file name below <c>.github/workflows</c>.</param>
    Task<WorkflowChange> SetAsync(RepositoryRef repository, string file, bool enabled, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>Result of switching one workflow.</summary>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Enabled">The wanted state.</param>
/// <param name="Detail">Display text, when it failed.</param>
public sealed record WorkflowChange(string Repository, string File, bool Enabled, WorkflowChangeResult Result, string Detail = "")
{
    public string Line => Result switch
    {
        WorkflowChangeResult.Done => $"{Repository}: {File} {(Enabled ? "enabled" : "disabled")}",
        WorkflowChangeResult.Planned => $"{Repository}: {File} would be {(Enabled ? "enabled" : "disabled")}",
        WorkflowChangeResult.AsWanted => $"{Repository}: {File} is {(Enabled ? "enabled" : "disabled")} already",
        _ => $"{Repository}: {File} not {(Enabled ? "enabled" : "disabled")}: {Detail}",
    };
}

public enum WorkflowChangeResult
{
    Done,

    /// <summary>A dry run.</summary>
    Planned,
    AsWanted,

    /// <summary>No such workflow, no permission, GitHub down: for a person to fix, never a reason to stop a rollback.</summary>
    Failed,
}
