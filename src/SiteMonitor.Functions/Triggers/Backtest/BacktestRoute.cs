using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Backtest;

/// <summary>Decides on past issues, so that a team sees what the pipeline would have done before it is switched on.</summary>
public sealed class BacktestRoute(BacktestRunner runner)
{
    // Twenty issues of GitHub's longest text, most of it escaped.
    private const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// Lets both sides decide on issues of an export as they were opened, for a minute at most. Reads and writes nothing on GitHub; the
    /// model is asked once a text. Issues that are missing in the response are to be sent again.
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

        if (body.Issues.Any(issue => issue.Number < 1))
        {
            errors.Add("issues: number must be 1 or more.");
        }

        return errors.Count > 0
            ? Responses.BadRequest("Nothing was decided.", errors)
            : Responses.RolloutJson(await runner.RunAsync(repository!, body.Issues, cancellationToken));
    }
}
