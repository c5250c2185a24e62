using System.Globalization;
using Microsoft.Extensions.Logging;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.Caching;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>
/// Lists open issues by label over REST, oldest first, with one listing per label, because GitHub combines labels by "and". Uses
/// conditional requests: an unchanged page does not count against the rate limit.
/// </summary>
internal sealed partial class CandidateLister(GitHubApiClient app, RepositoryNames names, ILogger logger) : IDisposable
{
    private const int PageSize = 100;
    private const int CachedPages = 500;
    private readonly BoundedCache<CandidatePage> _cache = new(CachedPages);

    public async Task<CallResult<IReadOnlyList<Candidate>>> ListAsync(CandidateQuery query, CancellationToken cancellationToken)
    {
        CandidateSelection selection = new(query);
        if (await CollectAsync(query, WorkflowLabels.Urgent, selection, cancellationToken) is { } barred)
        {
            return Limited(selection, barred);
        }

        if (query.UrgentOnly || selection.Found.Count >= query.Limit)
        {
            return CallResult<IReadOnlyList<Candidate>>.Ok(selection.Selected);
        }

        foreach (string label in query.Labels.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (await CollectAsync(query, label, selection, cancellationToken) is { } limited)
            {
                // What is not urgent waits until its turn among all the others is known.
                selection.RemoveNonUrgent();
                return Limited(selection, limited);
            }
        }

        return CallResult<IReadOnlyList<Candidate>>.Ok(selection.Selected);
    }

    public void Dispose() => _cache.Dispose();

    private static CallResult<IReadOnlyList<Candidate>> Limited(CandidateSelection selection, DateTimeOffset retryAt) =>
        selection.Found.Count > 0
        ? CallResult<IReadOnlyList<Candidate>>.PartialResult(selection.Selected, retryAt)
        : CallResult<IReadOnlyList<Candidate>>.RateLimited(retryAt);

    /// <summary>Adds the first wanted issues of a listing, as many as the query can need.</summary>
    /// <returns>When to try again after a rate limit; null when done.</returns>
    private async Task<DateTimeOffset?> CollectAsync(
        CandidateQuery query, string label, CandidateSelection selection, CancellationToken cancellationToken)
    {
        int taken = 0;
        for (int page = 1; page <= CandidateQuery.MaxPages; page++)
        {
            CallResult<CandidatePage> result = await ReadPageAsync(query.Repository, label, page, cancellationToken);
            if (result.RetryAt is { } limited)
            {
                return limited;
            }

            foreach (Candidate candidate in result.Value!.Candidates)
            {
                taken += await selection.AddIfWantedAsync(candidate, cancellationToken) ? 1 : 0;
            }

            if (result.Value.IsLast || taken >= query.Limit)
            {
                return null;
            }
        }

        Log.Cut(logger, query.Repository, label, CandidateQuery.MaxPages * PageSize);
        return null;
    }

    private async Task<CallResult<CandidatePage>> ReadPageAsync(
        RepositoryRef repository, string label, int page, CancellationToken cancellationToken)
    {
        string key = $"{repository.Canonical}?{label.ToLowerInvariant()}&{page.ToString(CultureInfo.InvariantCulture)}";
        CandidatePage? known = _cache.Find(key);
        RequestTag tag = new(RequestKind.Read) { Headers = known?.ETag is { } etag ? [new("If-None-Match", etag)] : [] };
        CallResult<CandidatePage> result = await app.CallAsync(
            tag,
            $"listing issues of {repository} labelled {label}",
            async github => Take(repository, known,
                await github.Connection.Get<List<Issue>>(
                    Address(names.FindCurrentName(repository)), Parameters(label, page), null, cancellationToken)),
            cancellationToken);
        if (result.Value is { ETag: not null } read)
        {
            _cache.Store(key, read);
        }

        return result;
    }

    private static Uri Address(RepositoryRef repository) => new($"repos/{repository.Owner}/{repository.Name}/issues", UriKind.Relative);

    private static Dictionary<string, string> Parameters(string label, int page) => new()
    {
        ["state"] = "open",
        ["labels"] = label,
        ["sort"] = "created",
        ["direction"] = "asc",
        ["per_page"] = PageSize.ToString(CultureInfo.InvariantCulture),
        ["page"] = page.ToString(CultureInfo.InvariantCulture),
    };

    private static CandidatePage Take(RepositoryRef repository, CandidatePage? known, IApiResponse<List<Issue>> response)
    {
        if (response.HttpResponse.StatusCode == System.Net.HttpStatusCode.NotModified && known is not null)
        {
            return known;
        }

        List<Issue> issues = response.Body
            ?? throw new TransientFailureException("github-garbled-answer", $"GitHub's list of issues of {repository} could not be read.");
        return new CandidatePage(
            response.HttpResponse.ApiInfo.Etag,
            [.. issues.Where(i => i.PullRequest is null).Select(i => Map(repository, i))],
            !response.HttpResponse.ApiInfo.Links.ContainsKey("next"));
    }

    private static Candidate Map(RepositoryRef repository, Issue issue) =>
        new(new IssueRef(repository, checked((int)issue.Number)), [.. issue.Labels.Select(l => l.Name)], issue.CreatedAt, issue.UpdatedAt)
        {
            Author = issue.User?.Login ?? string.Empty,
            Assignees = [.. (issue.Assignees ?? []).Select(a => a.Login)],
        };

    private static partial class Log
    {
        [LoggerMessage(2131, LogLevel.Warning, "Open issues of {Repository} labelled {Label} beyond the oldest {Count} were not read")]
        public static partial void Cut(ILogger logger, RepositoryRef repository, string label, int count);
    }
}

/// <summary>A page of a listing, kept for conditional requests.</summary>
/// <param name="ETag">What the next request for the page sends as <c>If-None-Match</c>.</param>
/// <param name="IsLast">Whether GitHub named no further page.</param>
internal sealed record CandidatePage(string? ETag, IReadOnlyList<Candidate> Candidates, bool IsLast);
