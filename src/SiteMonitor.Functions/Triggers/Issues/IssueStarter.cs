using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>Starts a run on one issue whose parameters matter to the caller, or plans it.</summary>
public sealed class IssueStarter(RunStarter starter, DryRuns dryRuns)
{
    public Task<IssueStart> StartAsync(DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken) =>
        input.DryRun ? PlanAsync(client, issue, input, cancellationToken) : RunAsync(client, issue, input, cancellationToken);

    /// <summary>Where to ask how the issue stands, relative to the application.</summary>
    public static string StatusPath(IssueRef issue) => $"api/pipeline/issues/{issue.Repository.Canonical}/{issue.Number}";

    private async Task<IssueStart> RunAsync(DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        ManualStart start = await starter.StartManualAsync(client, input, cancellationToken);
        if (!start.Started && !start.HasSameParameters)
        {
            string other = start.Other is { } on ? $"A run with stage '{on.Stage}', started by {on.Trigger}, is on" : "Other work is on";
            return IssueStart.Refuse(
                StatusCodes.Status409Conflict,
                "Another run is on.",
                $"{other} for {issue}: wait for it to end (GET /{StatusPath(issue)}), then start yours.");
        }

        return IssueStart.Of(new StartResponse
        {
            Issue = issue.Canonical,
            InstanceId = issue.InstanceId,
            Started = start.Started,
            Detail = start.Started ? "The run was started." : "A run with the same parameters is on already: its outcome is yours too.",
            StatusPath = StatusPath(issue),
        });
    }

    private async Task<IssueStart> PlanAsync(DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = await starter.StartDryRunAsync(client, input, cancellationToken);
        DryRunState state = await dryRuns.WaitAsync(client, instanceId, cancellationToken);
        return state.HasFailed
            ? IssueStart.Refuse(StatusCodes.Status502BadGateway, "The dry run failed.", state.Detail)
            : IssueStart.Of(new StartResponse
            {
                Issue = issue.Canonical,
                InstanceId = instanceId,
                Started = true,
                Detail = state.Detail,
                StatusPath = $"{StatusPath(issue)}?dryRun={Uri.EscapeDataString(instanceId)}",
                Plan = state.Plan,
            });
    }
}

/// <summary>What became of the start of a run on one issue: one of the two is set.</summary>
public sealed record IssueStart(StartResponse? Answer, Problem? Refused)
{
    public static IssueStart Of(StartResponse answer) => new(answer, null);

    public static IssueStart Refuse(int status, string title, string detail) => new(null, new Problem { Title = title, Status = status, Detail = detail });
}
