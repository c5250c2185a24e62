using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>Shows incidents with their timelines.</summary>
public sealed class ShowIncidents(IncidentReader incidents)
{
    [Function("IncidentList")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "incidents")] HttpRequest request, CancellationToken cancellationToken)
    {
        string state = request.Query["state"].ToString().ToLowerInvariant();
        if (state is not ("" or "all" or "open" or "resolved"))
        {
            return Responses.BadRequest("There are no such incidents.", ["state: use open, resolved or all."]);
        }

        IReadOnlyList<IncidentView> found = await incidents.ListAsync(cancellationToken);
        return Responses.Ok(new IncidentList([.. found.Where(i => state is "" or "all" || i.IsOpen == (state == "open"))]));
    }

    [Function("IncidentShow")]
    public async Task<IActionResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "incidents/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        (await incidents.ListAsync(cancellationToken)).FirstOrDefault(i =>
            i.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } incident
            ? Responses.Ok(incident)
            : Responses.Problem(StatusCodes.Status404NotFound, "There is no such incident.", "GET incidents lists them.");
}
