namespace SiteMonitor.Core.Rollout.Workflows;

public enum WorkflowChangeResult
{
    Done,

    /// <summary>A dry run.</summary>
    Planned,
    AsWanted,

    /// <summary>No such workflow, no permission, GitHub down: for a person to mend, never a reason to stop a rollback.</summary>
    Failed,
}
