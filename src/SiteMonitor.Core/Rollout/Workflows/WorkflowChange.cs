namespace SiteMonitor.Core.Rollout.Workflows;

/// <summary>What became of switching one workflow.</summary>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Enabled">The wanted state.</param>
/// <param name="Detail">For people, when it failed.</param>
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
