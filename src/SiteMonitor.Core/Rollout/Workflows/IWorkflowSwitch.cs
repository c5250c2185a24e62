using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Rollout.Workflows;

/// <summary>Switches GitHub Actions workflows on and off.</summary>
public interface IWorkflowSwitch
{
    /// <summary>Brings a workflow into the wanted state, or says what that would take. A missing workflow or permission is an answer, not an exception.</summary>
    /// <param name="file">Its file name below <c>.github/workflows</c>.</param>
    Task<WorkflowChange> SetAsync(RepositoryRef repository, string file, bool enabled, bool dryRun, CancellationToken cancellationToken);
}
