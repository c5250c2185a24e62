using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Starting;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers;

/// <summary>Starts a run on one issue, or plans it.</summary>
public sealed class StartIssue(Guarded guarded, RunStarter starter, DryRuns dryRuns, RepositoryScope scope)
{
    [Function(nameof(StartIssue))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pipeline/issues/{owner}/{repo}/{number}")] HttpRequest request,
        string owner,
        string repo,
        string number,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            PipelineRequest wanted = await JsonBody.ReadAsync(request, ContractJson.Default.PipelineRequest, cancellationToken);
            List<string> errors = [];
            IssueRef? issue = RequestChecks.Issue(owner, repo, number, errors);
            string stage = RequestChecks.Stage(wanted.Stage, errors);
            string priority = RequestChecks.Priority(wanted.Priority, errors);
            if (errors.Count > 0)
            {
                return Answer.BadRequest("Nothing was started.", errors);
            }

            if (!scope.Includes(issue!.Repository))
            {
                return OutOfScope(issue.Repository);
            }

            PipelineInput input = new()
            {
                Issue = issue.Canonical,
                Stage = stage,
                Priority = priority,
                Trigger = TriggerNames.Manual,
                RequestId = Guid.NewGuid().ToString("N"),
                DryRun = wanted.DryRun,
            };
            return wanted.DryRun ? await PlanAsync(client, issue, input, cancellationToken) : await StartAsync(client, issue, input, cancellationToken);
        });

    internal static IActionResult OutOfScope(RepositoryRef repository) => Answer.Problem(
        StatusCodes.Status403Forbidden,
        "The repository is not one of ours.",
        $"{repository} is not in GitHub:Repositories: add it there, or leave that setting empty to allow any.");

    private async Task<IActionResult> StartAsync(DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        ManualStart start = await starter.StartManualAsync(client, input, cancellationToken);
        if (!start.Started && !start.AsksForTheSame)
        {
            string other = start.Other is { } on ? $"A run with stage '{on.Stage}', started by {on.Trigger}, is on" : "Other work is on";
            return Answer.Problem(
                StatusCodes.Status409Conflict,
                "Another run is on.",
                $"{other} for {issue}: wait for it to end (GET /{StatusPath(issue)}), then start yours.");
        }

        return Answer.Accepted(new StartAnswer
        {
            Issue = issue.Canonical,
            InstanceId = issue.InstanceId,
            Started = start.Started,
            Detail = start.Started ? "The run was started." : "A run with the same parameters is on already: its outcome is yours too.",
            StatusPath = StatusPath(issue),
        });
    }

    private async Task<IActionResult> PlanAsync(DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = await starter.StartDryRunAsync(client, input, cancellationToken);
        DryRunState state = await dryRuns.WaitAsync(client, instanceId, cancellationToken);
        StartAnswer answer = new()
        {
            Issue = issue.Canonical,
            InstanceId = instanceId,
            Started = true,
            Detail = state.Detail,
            StatusPath = $"{StatusPath(issue)}?dryRun={Uri.EscapeDataString(instanceId)}",
            Plan = state.Plan,
        };
        return state switch
        {
            { Plan: not null } => Answer.Ok(answer),
            { HasFailed: true } => Answer.Problem(StatusCodes.Status502BadGateway, "The dry run failed.", state.Detail),
            _ => Answer.Accepted(answer),
        };
    }

    internal static string StatusPath(IssueRef issue) => $"api/pipeline/issues/{issue.Repository.Canonical}/{issue.Number}";
}
