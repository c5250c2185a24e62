using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>Says how an issue's run goes and how the last one ended.</summary>
public sealed class ShowIssue(HttpErrorHandler guarded, IRunLedger ledger)
{
    private const string None = "none";

    [Function(nameof(ShowIssue))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "pipeline/issues/{owner}/{repo}/{number}")] HttpRequest request,
        string owner,
        string repo,
        string number,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            List<string> errors = [];
            IssueRef? issue = RequestChecks.Issue(owner, repo, number, errors);
            if (errors.Count > 0)
            {
                return Responses.BadRequest("There is no such issue.", errors);
            }

            return request.Query["dryRun"].ToString() is { Length: > 0 } dryRun
                ? await ShowDryRunAsync(client, issue!, dryRun, cancellationToken)
                : Responses.Ok(await ShowAsync(client, issue!, cancellationToken));
        });

    private async Task<IssueStatus> ShowAsync(DurableTaskClient client, IssueRef issue, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
        LedgerQuery newest = new(Issue: issue.Canonical, Limit: 1, NewestFirst: true);
        RunRecord? last = null;
        await foreach (RunRecord record in ledger.QueryAsync(newest, cancellationToken))
        {
            last = record;
            break;
        }

        bool active = instance is { IsCompleted: false };
        return new IssueStatus
        {
            Issue = issue.Canonical,
            InstanceId = issue.InstanceId,
            RuntimeStatus = instance is null ? None : WireName.Of(instance.RuntimeStatus),
            Active = active,
            Progress = active ? instance!.ReadCustomStatusAs<RunProgress>() : null,
            Failure = instance is null ? string.Empty : InstanceFailure.Of(instance),
            LastRun = last is null ? null : RunSummary.From(last),
        };
    }

    private static async Task<IActionResult> ShowDryRunAsync(DurableTaskClient client, IssueRef issue, string instanceId, CancellationToken cancellationToken)
    {
        if (!InstanceIds.IsDryRunOf(issue, instanceId) || await client.GetInstanceAsync(instanceId, cancellationToken) is null)
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such dry run.",
                "dryRun must be the instance id that a dry run of this issue was answered with; finished ones are kept for a while only.");
        }

        DryRunState state = await DryRuns.ReadAsync(client, instanceId, cancellationToken);
        return Responses.Ok(new StartResponse
        {
            Issue = issue.Canonical,
            InstanceId = instanceId,
            Started = true,
            Detail = state.Detail,
            StatusPath = IssueStarter.StatusPath(issue),
            Plan = state.Plan,
        });
    }
}
