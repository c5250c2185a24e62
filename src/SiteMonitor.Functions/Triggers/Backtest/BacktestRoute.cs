using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Backtest;

/// <summary>Runs a backtest: shows what the pipeline would have done with past issues, before it is switched on.</summary>
public sealed class BacktestRoute(BacktestRunner runner)
{
    // A full request of issues with the longest text that GitHub allows, most of it escaped in JSON.
    private const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// Decides on exported issues as they were opened, by the unified pipeline and by the legacy logic, for a minute at most. Neither reads
    /// nor writes on GitHub; answers of the model are cached. Issues that are missing in the response are to be sent again.
    /// </summary>
    [Function("BacktestTake")]
    public async Task<IActionResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "backtest")] HttpRequest request, CancellationToken cancellationToken)
    {
        BacktestRequest body =
            await JsonBody.ReadAsync(request, ExportJson.Default.BacktestRequest, cancellationToken, MaxLength);
        List<string> errors = [];
        if (!RepositoryRef.TryParse(body.Repository, out RepositoryRef? repository))
        {
            errors.Add("repository: must be owner/name.");
        }

        if (body.Issues.Count is < 1 or > BacktestRequest.MaxIssues)
        {
            errors.Add($"issues: must be 1 to {BacktestRequest.MaxIssues}.");
        }

        if (body.Issues.Any(issue => issue is not { Number: > 0 }))
        {
            errors.Add("issues: each must be an object with a number of 1 or more.");
        }

        return errors.Count > 0
            ? Responses.BadRequest("Nothing was decided.", errors)
            : Responses.RolloutJson(await runner.RunAsync(repository!, body.Issues, cancellationToken));
    }
}
