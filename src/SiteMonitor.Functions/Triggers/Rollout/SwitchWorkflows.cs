using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Workflows;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Enables or disables the GitHub workflows that the rollout plan names. To disable, the request says which: old or new.</summary>
public sealed class SwitchWorkflows(WorkflowControl workflows)
{
    [Function("WorkflowsOperate")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{action}")] HttpRequest request,
        string action,
        CancellationToken cancellationToken)
    {
        OperatorRequest body = await JsonBody.ReadAsync(request, OperateRollout.RequestType, cancellationToken);
        return action.ToLowerInvariant() switch
        {
            "enable" => Responses.From(await workflows.SetAsync(enabled: true, body, cancellationToken)),
            "disable" => Responses.From(await workflows.SetAsync(enabled: false, body, cancellationToken)),
            "follow" => Responses.From(await workflows.ApplyCurrentPhaseAsync(body, cancellationToken)),
            _ => Responses.Problem(
                StatusCodes.Status404NotFound, "There is no such operation.",
                "Choose one of enable, disable, follow (as the phase requires)."),
        };
    }
}
