using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Functions.Triggers.Issues;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs on the issues that have something to do, or plans them.</summary>
public sealed class StartBatch(HttpErrorHandler guarded, BatchStarter batch, RepositoryScope scope)
{
    [Function(nameof(StartBatch))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pipeline/batch")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            BatchRequest wanted = await JsonBody.ReadAsync(request, ContractJson.Default.BatchRequest, cancellationToken);
            List<string> errors = [];
            wanted = Check(wanted, errors);
            IReadOnlyList<RepositoryRef> repositories = Repositories(wanted, errors);
            if (errors.Count > 0)
            {
                return Responses.BadRequest("Nothing was started.", errors);
            }

            if (repositories.FirstOrDefault(r => !scope.Includes(r)) is { } foreign)
            {
                return StartIssue.OutOfScope(foreign);
            }

            BatchResponse answer = await batch.StartAsync(client, wanted, repositories, TriggerNames.Batch, legacyFor: string.Empty, TimeSpan.Zero, cancellationToken);
            return answer.Problems.Count == repositories.Count && answer.Issues.Count == 0
                ? Responses.Problem(StatusCodes.Status503ServiceUnavailable, "No repository could be listed.", "Nothing was started.", answer.Problems)
                : Responses.Accepted(answer);
        });

    private static BatchRequest Check(BatchRequest wanted, List<string> errors)
    {
        if (wanted.BatchSize is < 1 or > BatchRequest.MaxSize)
        {
            errors.Add($"batchSize: must lie between 1 and {BatchRequest.MaxSize}.");
        }

        return wanted with { Stage = RequestChecks.Stage(wanted.Stage, errors), Priority = RequestChecks.Priority(wanted.Priority, errors) };
    }

    private IReadOnlyList<RepositoryRef> Repositories(BatchRequest wanted, List<string> errors)
    {
        if (wanted.Repository is { } name)
        {
            if (RepositoryRef.TryParse(name, out RepositoryRef? repository))
            {
                return [repository];
            }

            errors.Add("repository: is not the name of a repository: write owner/name.");
        }
        else if (scope.Configured.Count == 0)
        {
            errors.Add("repository: missing, and GitHub:Repositories is not set: name one.");
        }

        return scope.Configured;
    }
}
