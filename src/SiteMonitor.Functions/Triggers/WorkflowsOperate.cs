using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Workflows;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers;

/// <summary>Enables or disables the GitHub workflows that the rollout plan names; what to disable, old or new, has to be said in <c>workflows</c>.</summary>
public sealed class WorkflowsOperate(Guarded guarded, WorkflowControl workflows)
{
    [Function(nameof(WorkflowsOperate))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "workflows/{action}")] HttpRequest request, string action, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            OperatorRequest wanted = await JsonBody.ReadAsync(request, RolloutOperate.RequestType, cancellationToken);
            return action.ToLowerInvariant() switch
            {
                "enable" => RolloutAnswer.Of(await workflows.SetAsync(enabled: true, wanted, cancellationToken)),
                "disable" => RolloutAnswer.Of(await workflows.SetAsync(enabled: false, wanted, cancellationToken)),
                "follow" => RolloutAnswer.Of(await workflows.FollowAsync(wanted, cancellationToken)),
                _ => Answer.Problem(StatusCodes.Status404NotFound, "There is no such operation.", "Choose among enable, disable, and follow (as the phase wants them)."),
            };
        });
}
