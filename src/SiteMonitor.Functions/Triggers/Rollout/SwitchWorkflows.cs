using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Enables or disables the GitHub workflows that the rollout plan names; what to disable, old or new, has to be said in <c>workflows</c>.</summary>
public sealed class SwitchWorkflows(HttpErrorHandler guarded, WorkflowControl workflows)
{
    /// <summary>The name that stored histories have for this function.</summary>
    public const string FunctionName = "WorkflowsOperate";

    [Function(SwitchWorkflows.FunctionName)]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{action}")] HttpRequest request, string action, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            OperatorRequest wanted = await JsonBody.ReadAsync(request, OperateRollout.RequestType, cancellationToken);
            return action.ToLowerInvariant() switch
            {
                "enable" => RolloutResponses.From(await workflows.SetAsync(enabled: true, wanted, cancellationToken)),
                "disable" => RolloutResponses.From(await workflows.SetAsync(enabled: false, wanted, cancellationToken)),
                "follow" => RolloutResponses.From(await workflows.ApplyCurrentPhaseAsync(wanted, cancellationToken)),
                _ => Responses.Problem(StatusCodes.Status404NotFound, "There is no such operation.", "Choose among enable, disable, and follow (as the phase wants them)."),
            };
        });
}
