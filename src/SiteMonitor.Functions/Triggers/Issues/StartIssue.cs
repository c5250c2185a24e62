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
public sealed class StartIssue(HttpErrorHandler guarded, IssueStarter starter, RepositoryScope scope)
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
                return Responses.BadRequest("Nothing was started.", errors);
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
            return Of(await starter.StartAsync(client, issue, input, cancellationToken));
        });

    internal static IActionResult OutOfScope(RepositoryRef repository) => Responses.Problem(
        StatusCodes.Status403Forbidden,
        "The repository is not one of ours.",
        $"{repository} is not in GitHub:Repositories: add it there, or leave that setting empty to allow any.");

    private static IActionResult Of(IssueStart start) => start switch
    {
        { Refused: { } refused } => Responses.Problem(refused),
        { Answer.Plan: not null } => Responses.Ok(start.Answer),
        _ => Responses.Accepted(start.Answer!),
    };
}
