using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Opens, acknowledges, updates and resolves incidents; drafts their post-mortem.</summary>
public sealed class OperateIncidents(HttpErrorHandler guarded, IncidentControl incidents, AnnouncementSender announcer)
{
    /// <summary>The name that stored histories have for this function.</summary>
    public const string FunctionName = "IncidentOperate";

    [Function("IncidentOpen")]
    public Task<IActionResult> OpenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "incidents")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () => await AnswerAsync(await incidents.OpenAsync(await BodyAsync(request, cancellationToken), cancellationToken), cancellationToken));

    [Function(OperateIncidents.FunctionName)]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "incidents/{id}/{action}")] HttpRequest request, string id, string action, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            Func<string, OperatorRequest, CancellationToken, Task<OperationResult>>? operation = action.ToLowerInvariant() switch
            {
                "acknowledge" => incidents.AcknowledgeAsync,
                "update" => incidents.UpdateAsync,
                "resolve" => incidents.ResolveAsync,
                _ => null,
            };
            return operation is null
                ? Responses.Problem(StatusCodes.Status404NotFound, "There is no such operation.", "Choose among acknowledge, update, resolve.")
                : await AnswerAsync(await operation(id, await BodyAsync(request, cancellationToken), cancellationToken), cancellationToken);
        });

    [Function("IncidentPostMortem")]
    public Task<IActionResult> PostMortemAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "incidents/{id}/post-mortem")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () => await incidents.PostMortemAsync(id, cancellationToken) is { } draft
            ? RolloutResponses.Text(draft, "text/markdown")
            : Responses.Problem(StatusCodes.Status404NotFound, "There is no such incident.", "GET rollout lists the open ones."));

    private static Task<OperatorRequest> BodyAsync(HttpRequest request, CancellationToken cancellationToken) =>
        JsonBody.ReadAsync(request, OperateRollout.RequestType, cancellationToken);

    private async Task<IActionResult> AnswerAsync(OperationResult result, CancellationToken cancellationToken)
    {
        if (result.Changed)
        {
            await announcer.SendPromptlyAsync(cancellationToken);
        }

        return RolloutResponses.From(result);
    }
}
