using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>Lists runs in progress and ended ones, and shows one with its steps.</summary>
public sealed class ShowRuns(RunReader runs, TimeProvider time)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;
    private static readonly string[] Outcomes = [.. Enum.GetValues<RunOutcome>().Select(o => WireName.Of(o))];

    [Function("RunList")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        List<string> errors = [];
        RunFilter filter = ReadFilter(request.Query, errors);
        if (errors.Count > 0)
        {
            return Responses.BadRequest("There are no such runs.", errors);
        }

        IReadOnlyList<RunSummary> found = await runs.ListAsync(filter, cancellationToken);
        return Responses.Ok(new RunList
        {
            At = time.GetUtcNow(),
            Active = filter.Before is null ? await ActiveRuns.ListAsync(client, cancellationToken) : [],
            Runs = found,
            Next = found.Count == filter.Limit ? found[^1].Started : null,
        });
    }

    [Function("RunShow")]
    public async Task<IActionResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{runId}")] HttpRequest request, string runId,
        CancellationToken cancellationToken) =>
        await runs.FindAsync(runId, cancellationToken) is { } run
            ? Responses.Ok(run)
            : Responses.Problem(StatusCodes.Status404NotFound, "The ledger has no such run.", "GET runs lists those that have ended; " +
                "a run in progress is shown by its issue: GET pipeline/issues/{owner}/{repo}/{number}.");

    private static RunFilter ReadFilter(IQueryCollection query, List<string> errors)
    {
        int limit = DefaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } asked
            && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors.Add($"limit: expected a number from 1 to {MaxLimit}.");
        }

        string[] outcomes = [.. query["outcome"].ToString().ToLowerInvariant()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (outcomes.Except(Outcomes).Any())
        {
            errors.Add($"outcome: choose among {string.Join(", ", Outcomes)}; several are separated by commas.");
        }

        string route = query["route"].ToString().ToLowerInvariant();
        if (route is not ("" or "unified" or "legacy"))
        {
            errors.Add("route: use unified or legacy.");
        }

        return new RunFilter
        {
            Limit = limit,
            Before = RequestChecks.ParseTime(query, "before", errors),
            Issue = query["issue"].ToString().Trim().ToLowerInvariant(),
            Outcomes = outcomes,
            Route = route,
            WithSkipped = query["all"] == "true",
        };
    }
}
