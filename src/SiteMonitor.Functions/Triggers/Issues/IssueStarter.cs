using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>Starts a run on one issue for a caller who chose its parameters, or plans it.</summary>
public sealed class IssueStarter(DryRuns dryRuns)
{
    /// <summary>Starts the run, or a dry run and waits for its plan.</summary>
    /// <exception cref="HttpProblemException">Other work on the issue is active, or the dry run failed.</exception>
    public Task<StartResponse> StartAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken) =>
        input.DryRun ? PlanAsync(client, issue, input, cancellationToken) : StartRunAsync(client, issue, input, cancellationToken);

    /// <summary>Returns the path of the issue's status, relative to the application.</summary>
    public static string GetStatusPath(IssueRef issue) => $"api/pipeline/issues/{issue.Repository.Canonical}/{issue.Number}";

    private static async Task<StartResponse> StartRunAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        StartResult result = await RunStarter.StartManualAsync(client, issue, input, cancellationToken);
        return result.Status != StartStatus.Conflict
            ? new StartResponse
            {
                Issue = issue.Canonical,
                InstanceId = result.InstanceId,
                Started = result.Status == StartStatus.Started,
                Detail = result.Detail,
                StatusPath = GetStatusPath(issue),
            }
            : throw new HttpProblemException(
                StatusCodes.Status409Conflict,
                "Another run is active.",
                $"{result.Detail} is active for {issue}: wait for it to end (GET /{GetStatusPath(issue)}), then start yours.");
    }

    private async Task<StartResponse> PlanAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = await RunStarter.StartDryRunAsync(client, issue, input, cancellationToken);
        DryRunState state = await dryRuns.WaitAsync(client, instanceId, cancellationToken);
        return state.HasFailed
            ? throw new HttpProblemException(StatusCodes.Status502BadGateway, "The dry run failed.", state.Detail)
            : new StartResponse
            {
                Issue = issue.Canonical,
                InstanceId = instanceId,
                Started = true,
                Detail = state.Detail,
                StatusPath = $"{GetStatusPath(issue)}?dryRun={Uri.EscapeDataString(instanceId)}",
                Plan = state.Plan,
            };
    }
}
