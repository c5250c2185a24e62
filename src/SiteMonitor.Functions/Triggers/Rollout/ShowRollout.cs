using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Shows the state of the rollout and its history.</summary>
public sealed class ShowRollout(RolloutStatusReader status, RolloutStateRepository states, ForecastReader forecast)
{
    private const int DefaultEntries = 100;
    private const int MaxEntries = 1000;

    [Function("RolloutShow")]
    public async Task<IActionResult> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout")] HttpRequest request, CancellationToken cancellationToken) =>
        Responses.RolloutJson(await status.ReadAsync(cancellationToken));

    /// <summary>Shows the newest audit entries: 100, or <c>?limit=</c> up to 1000.</summary>
    [Function("RolloutHistory")]
    public async Task<IActionResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/history")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        int limit = DefaultEntries;
        if (request.Query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxEntries))
        {
            return Responses.BadRequest("The history was not read.", [$"limit: must be a number from 1 to {MaxEntries}."]);
        }

        return Responses.RolloutJson(await states.ReadAuditAsync(limit, cancellationToken));
    }

    /// <summary>Shows when the gate will be met at the present traffic, and how soon the guard would notice a failure.</summary>
    [Function("RolloutForecast")]
    public async Task<IActionResult> ForecastAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/forecast")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        try
        {
            return Responses.RolloutJson(await forecast.ReadAsync(cancellationToken));
        }
        catch (InvalidOperationException unknownPhase)
        {
            return Responses.Problem(StatusCodes.Status409Conflict, "There is no forecast.", unknownPhase.Message);
        }
    }

    /// <summary>Shows the rollout plan in use.</summary>
    [Function("RolloutPlanShow")]
    public IActionResult Plan([HttpTrigger(AuthorizationLevel.Function, "get", Route = "rollout/plan")] HttpRequest request) =>
        Responses.Text(JsonSerializer.Serialize(states.Plan, PlanJson.Options), "application/json");
}
