using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Opens, acknowledges, updates and resolves incidents, and drafts their post-mortems.</summary>
public sealed class OperateIncidents(IncidentControl incidents, PostMortem postMortem, AnnouncementSender announcer)
{
    [Function("IncidentOpen")]
    public async Task<IActionResult> OpenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "incidents")] HttpRequest request, CancellationToken cancellationToken) =>
        await RunAsync(request, incidents.OpenAsync, cancellationToken);

    [Function("IncidentOperate")]
    public async Task<IActionResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "incidents/{id}/{action}")] HttpRequest request,
        string id,
        string action,
        CancellationToken cancellationToken)
    {
        Func<string, OperatorRequest, CancellationToken, Task<OperationResult>>? operation = action.ToLowerInvariant() switch
        {
            "acknowledge" => incidents.AcknowledgeAsync,
            "update" => incidents.UpdateAsync,
            "resolve" => ResolveAsync,
            _ => null,
        };
        return operation is null
            ? Responses.Problem(StatusCodes.Status404NotFound, "There is no such operation.", "Choose one of acknowledge, update, resolve.")
            : await RunAsync(request, (body, token) => operation(id, body, token), cancellationToken);
    }

    [Function("IncidentPostMortem")]
    public async Task<IActionResult> PostMortemAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "incidents/{id}/post-mortem")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        await postMortem.DraftAsync(id, cancellationToken) is { } draft
            ? Responses.Text(draft, "text/markdown")
            : Responses.Problem(StatusCodes.Status404NotFound, "There is no such incident.", "GET rollout lists the open ones.");

    private async Task<OperationResult> ResolveAsync(string id, OperatorRequest request, CancellationToken cancellationToken)
    {
        OperationResult result = await incidents.ResolveAsync(id, request, cancellationToken);
        return result.Changed && await postMortem.DraftAsync(id, cancellationToken) is { } draft
            ? result with { Lines = [.. result.Lines, .. draft.Split('\n')] }
            : result;
    }

    private async Task<IActionResult> RunAsync(
        HttpRequest request, Func<OperatorRequest, CancellationToken, Task<OperationResult>> operation, CancellationToken cancellationToken)
    {
        OperatorRequest body = await JsonBody.ReadAsync(request, OperateRollout.RequestType, cancellationToken);
        OperationResult result = await operation(body, cancellationToken);
        if (result.Changed)
        {
            await announcer.SendPromptlyAsync(cancellationToken);
        }

        return Responses.From(result);
    }
}
