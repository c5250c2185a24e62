using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Shows where the rollout stands, and what happened so far.</summary>
public sealed class ShowRollout(HttpErrorHandler guarded, RolloutStatusReader status, RolloutStates states)
{
    /// <summary>The name that stored histories have for this function.</summary>
    public const string FunctionName = "RolloutShow";

    private const int MostEntries = 1000;

    [Function(ShowRollout.FunctionName)]
    public Task<IActionResult> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () => RolloutResponses.Json(await status.ReadAsync(cancellationToken)));

    [Function("RolloutHistory")]
    public Task<IActionResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/history")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            string asked = request.Query["limit"].ToString();
            int limit = 100;
            return asked.Length > 0 && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostEntries)
                ? Responses.BadRequest("How many entries?", [$"limit: expected a number from 1 to {MostEntries}."])
                : RolloutResponses.Json(await states.ReadAuditAsync(limit, cancellationToken));
        });

    [Function("RolloutPlanShow")]
    public Task<IActionResult> PlanAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/plan")] HttpRequest request) =>
        guarded.RunAsync(request, () => Task.FromResult(RolloutResponses.Text(System.Text.Json.JsonSerializer.Serialize(states.Plan, Core.Rollout.Plan.PlanJson.Options), "application/json")));
}
