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
using SiteMonitor.Functions.Triggers.Issues;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs on the issues that have something to do, or plans them.</summary>
public sealed class StartBatch(BatchStarter batch, RepositoryScope scope, RepositoryResolver resolver)
{
    [Function(nameof(StartBatch))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pipeline/batch")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        BatchRequest body = await JsonBody.ReadAsync(request, ContractJson.Default.BatchRequest, cancellationToken);
        List<string> errors = [];
        RequestChecks.CheckBatchSize(body.BatchSize, errors);
        body = body with { Stage = RequestChecks.ParseStage(body.Stage, errors),
            Priority = RequestChecks.ParsePriority(body.Priority, errors) };
        IReadOnlyList<RepositoryRef> repositories = RequestChecks.ParseRepositories(body.Repository, scope, errors);
        if (errors.Count > 0)
        {
            return Responses.BadRequest("Nothing was started.", errors);
        }

        repositories = await resolver.FindKeysAsync(repositories, cancellationToken);
        return repositories.FirstOrDefault(r => !scope.Includes(r)) is { } other
            ? Responses.RepositoryNotConfigured(other)
            : Responses.Accepted(await batch.StartForCallerAsync(client, body, repositories, string.Empty, cancellationToken));
    }
}
