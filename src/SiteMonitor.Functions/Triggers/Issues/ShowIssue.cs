using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>
/// Shows how an issue's run is going and how the last one ended; with <c>?state=true</c> also the issue's state, read from GitHub.
/// </summary>
public sealed class ShowIssue(IRunLedger ledger, IIssueTracker issues, SpecialistCatalogue catalogue, RepositoryNames names)
{
    private const string NoInstance = "none";

    [Function(nameof(ShowIssue))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "pipeline/issues/{owner}/{repo}/{number}")] HttpRequest request,
        string owner,
        string repo,
        string number,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        List<string> errors = [];
        if (RequestChecks.ParseIssue(owner, repo, number, errors) is not { } named)
        {
            return Responses.BadRequest("There is no such issue.", errors);
        }

        IssueRef issue = named with { Repository = await names.FindKeyAsync(named.Repository, cancellationToken) };

        if (request.Query["dryRun"].ToString() is { Length: > 0 } dryRun)
        {
            return await ShowDryRunAsync(client, issue, dryRun, cancellationToken);
        }

        IssueStatus status = await ReadStatusAsync(client, issue, cancellationToken);
        return request.Query["state"] == "true" ? await AddStateAsync(issue, status, cancellationToken) : Responses.Ok(status);
    }

    /// <summary>Adds the state that the issue's labels show; an issue that GitHub does not have is a 404.</summary>
    private async Task<IActionResult> AddStateAsync(IssueRef issue, IssueStatus status, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<IssueSnapshot> result = await issues.ReadAsync(issue, cancellationToken);
            return Responses.Ok(result.Value is { } snapshot
                ? status with { State = GetState(snapshot) }
                : status with { StateProblem = $"GitHub's rate limit does not allow a read before {result.RetryAt:u}." });
        }
        catch (PermanentFailureException failure) when (failure.Code is "github-not-found" or "github-gone" or SkipCodes.IssueGone)
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such issue.",
                $"GitHub does not show {issue} to this application's credential. Check the name and the number.");
        }
        catch (PipelineException failure)
        {
            return Responses.Ok(status with { StateProblem = failure.Message });
        }
    }

    private string GetState(IssueSnapshot snapshot)
    {
        WorkflowState state = LabelStateMachine.ReadState(snapshot.Labels, catalogue);
        return snapshot.IsOpen || state.State == IssueState.Completed ? WireName.Of(state.State) : "closed";
    }

    private async Task<IssueStatus> ReadStatusAsync(DurableTaskClient client, IssueRef issue, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
        RunRecord? last = await ledger.QueryAsync(new LedgerQuery(Issue: issue.Canonical, NewestFirst: true), cancellationToken)
            .FirstOrDefaultAsync(r => r.Kind is RunKind.Run or RunKind.Completion, cancellationToken);
        bool isActive = instance is { IsCompleted: false };
        return new IssueStatus
        {
            Issue = issue.Canonical,
            InstanceId = issue.InstanceId,
            RuntimeStatus = instance is null ? NoInstance : WireName.Of(instance.RuntimeStatus),
            Active = isActive,
            Progress = isActive ? instance!.ReadCustomStatusAs<RunProgress>() : null,
            Failure = instance is null ? string.Empty : InstanceFailure.GetReason(instance),
            LastRun = last is null ? null : RunSummary.From(last),
        };
    }

    private static async Task<IActionResult> ShowDryRunAsync(
        DurableTaskClient client, IssueRef issue, string instanceId, CancellationToken cancellationToken)
    {
        if (!InstanceIds.IsDryRunOf(issue, instanceId) || await client.GetInstanceAsync(instanceId, cancellationToken) is null)
        {
            return Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such dry run.",
                "dryRun must be the instance id from the response to a dry run of this issue. Finished dry runs are kept for a limited time.");
        }

        DryRunState state = await DryRuns.ReadAsync(client, instanceId, cancellationToken);
        return Responses.Ok(new StartResponse
        {
            Issue = issue.Canonical,
            InstanceId = instanceId,
            Started = true,
            Detail = state.Detail,
            StatusPath = IssueStarter.GetStatusPath(issue),
            Plan = state.Plan,
        });
    }
}
