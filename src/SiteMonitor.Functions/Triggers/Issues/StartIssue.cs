using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>Starts a run on one issue, or plans it.</summary>
public sealed class StartIssue(IssueStarter starter, RepositoryScope scope, RepositoryResolver resolver)
{
    [Function(nameof(StartIssue))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pipeline/issues/{owner}/{repo}/{number}")] HttpRequest request,
        string owner,
        string repo,
        string number,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        PipelineRequest body = await JsonBody.ReadAsync(request, ContractJson.Default.PipelineRequest, cancellationToken);
        List<string> errors = [];
        IssueRef? issue = RequestChecks.ParseIssue(owner, repo, number, errors);
        issue = issue is null ? null : issue with { Repository = await resolver.FindKeyAsync(issue.Repository, cancellationToken) };
        PipelineInput input = new()
        {
            Issue = issue?.Canonical ?? string.Empty,
            Stage = RequestChecks.ParseStage(body.Stage, errors),
            Priority = RequestChecks.ParsePriority(body.Priority, errors),
            Trigger = TriggerNames.Manual,
            RequestId = Guid.NewGuid().ToString("N"),
            DryRun = body.DryRun,
        };
        if (issue is null || errors.Count > 0)
        {
            return Responses.BadRequest("Nothing was started.", errors);
        }

        if (!scope.Includes(issue.Repository))
        {
            return Responses.RepositoryNotConfigured(issue.Repository);
        }

        StartResponse response = await starter.StartAsync(client, issue, input, cancellationToken);
        return response.Plan is null ? Responses.Accepted(response) : Responses.Ok(response);
    }
}
