using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Issues;

/// <summary>
/// Reads a page of a repository's issues with their history, oldest first; writes nothing. `?repo=owner/name`; `?since=` only those opened
/// then or later; `?after=` the `next` of the page before. At a rate limit of GitHub: 503 with `Retry-After`.
/// </summary>
public sealed class ShowHistory(IIssueHistoryReader reader, RepositoryScope scope, RepositoryNames names, TimeProvider time)
{
    [Function(nameof(ShowHistory))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "history")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<string> errors = [];
        if (!RepositoryRef.TryParse(request.Query["repo"], out RepositoryRef? named))
        {
            errors.Add("repo: must be owner/name.");
        }

        DateTimeOffset? since = RequestChecks.ParseTime(request.Query, "since", errors);
        if (named is null || errors.Count > 0)
        {
            return Responses.BadRequest("No issue was read.", errors);
        }

        RepositoryRef repository = await names.FindKeyAsync(named, cancellationToken);
        if (!scope.Includes(repository))
        {
            return Responses.RepositoryNotConfigured(repository);
        }

        string? after = request.Query["after"].ToString() is { Length: > 0 } text ? text : null;
        CallResult<HistoryPage> read = await reader.ReadAsync(repository, since, after, cancellationToken);
        return read.RetryAt is { } limited
            ? RateLimited(request, limited - time.GetUtcNow())
            : Responses.Text(JsonSerializer.Serialize(read.Value!, ExportJson.Default.HistoryPage), "application/json");
    }

    private static IActionResult RateLimited(HttpRequest request, TimeSpan wait)
    {
        string seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        request.HttpContext.Response.Headers.RetryAfter = seconds;
        return Responses.Problem(
            StatusCodes.Status503ServiceUnavailable,
            "GitHub's rate limit allows no read now.",
            $"Ask for the same page again in {seconds} s.");
    }
}
