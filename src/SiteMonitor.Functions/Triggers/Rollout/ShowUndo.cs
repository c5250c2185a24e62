using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Shows how an undo is going and, when it has ended, what became of each issue.</summary>
public static class ShowUndo
{
    [Function("RolloutUndoShow")]
    public static async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/undo/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        await UndoStarter.ReadAsync(client, id, cancellationToken) is { } status
            ? Responses.RolloutJson(status)
            : Responses.Problem(
                StatusCodes.Status404NotFound,
                "There is no such undo.",
                "The id must be from the response to POST /api/rollout/undo. Finished ones are kept for a limited time.");
}
