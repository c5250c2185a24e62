using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Reads issues with their history by GraphQL: one query a page, and more for an issue whose history is long.</summary>
internal sealed class IssueHistoryReader : IIssueHistoryReader, IDisposable
{
    private const int PageSize = 25;

    /// <summary>GitHub gives up queries that take over 10 s: where a page fails, a smaller one is tried.</summary>
    private const int SmallPageSize = 5;

    private const string PullRequests = "closedByPullRequestsReferences";

    private readonly GitHubApiClient _app;
    private readonly OwnIdentity _identity;
    private readonly RepositoryNames _names;
    private readonly HistoryMapper _mapper;

    public IssueHistoryReader(GitHubConnections connections, RepositoryNames names, GuidanceMarkers markers)
    {
        _app = connections.App;
        _identity = new OwnIdentity(connections.App, connections.User);
        _names = names;
        _mapper = new HistoryMapper(_identity, markers);
    }

    public async Task<CallResult<HistoryPage>> ReadAsync(
        RepositoryRef repository, DateTimeOffset? since, string? after, CancellationToken cancellationToken)
    {
        if (await _identity.EnsureBothKnownAsync(cancellationToken) is { } barred)
        {
            return CallResult<HistoryPage>.RateLimited(barred);
        }

        HistoryCursor cursor = HistoryCursor.Parse(after);
        CallResult<NodeList<IssueNode>> read = await ReadPageAsync(repository, since, cursor, cancellationToken);
        if (read.RetryAt is { } limited)
        {
            return CallResult<HistoryPage>.RateLimited(limited);
        }

        NodeList<IssueNode> page = read.Value!;
        List<IssueHistory> issues = [];
        foreach (IssueNode node in page.Items.Where(node => !(node.CreatedAt < since)))
        {
            CallResult<IssueNode> whole = await CompleteAsync(repository, node, cancellationToken);
            if (whole.RetryAt is { } later)
            {
                return CallResult<HistoryPage>.RateLimited(later);
            }

            issues.Add(_mapper.Map(new IssueRef(repository, node.Number), whole.Value!));
        }

        // What was opened before, and changed since, comes first.
        int older = cursor.Older + page.Items.Count() - issues.Count;
        string? next = page.PageInfo is { HasNextPage: true, EndCursor: { } end } ? new HistoryCursor(older, end).ToString() : null;
        return CallResult<HistoryPage>.Ok(new HistoryPage(issues, next, page.TotalCount - older));
    }

    public void Dispose() => _identity.Dispose();

    private async Task<CallResult<NodeList<IssueNode>>> ReadPageAsync(
        RepositoryRef repository, DateTimeOffset? since, HistoryCursor cursor, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadPageAsync(repository, since, cursor, PageSize, cancellationToken);
        }
        catch (TransientFailureException)
        {
            return await ReadPageAsync(repository, since, cursor, SmallPageSize, cancellationToken);
        }
    }

    private async Task<CallResult<NodeList<IssueNode>>> ReadPageAsync(
        RepositoryRef repository, DateTimeOffset? since, HistoryCursor cursor, int size, CancellationToken cancellationToken)
    {
        string what = $"reading the history of {repository}'s issues";
        RepositoryRef current = _names.FindCurrentName(repository);
        JsonObject variables = new() { ["owner"] = current.Owner, ["name"] = current.Name, ["first"] = size };
        if (cursor.After is { } after)
        {
            variables["after"] = after;
        }

        if (since is { } from)
        {
            variables["filter"] = new JsonObject { ["since"] = from.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) };
        }

        CallResult<GraphResponse<ReadIssueData>> result = await _app.SendAsync<ReadIssueData>(
            new RequestTag(RequestKind.Read), what, HistoryDocuments.IssuePage, variables, cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<NodeList<IssueNode>>.RateLimited(limited);
        }

        // A pull request in a repository that we cannot see is an error beside its null.
        GraphResponse<ReadIssueData> response = result.Value!;
        return response.HasErrors && !response.Errors!.All(e => e.IsWithin(PullRequests)) ? throw _app.ToException(response.Errors!, what)
            : response.Data?.Repository?.Issues is { } issues ? CallResult<NodeList<IssueNode>>.Ok(issues)
            : throw GitHubFailures.NotFound(what, _app.Setting);
    }

    /// <summary>Adds the events and comments that did not fit into the page, and the oldest revision of the body that is left.</summary>
    private async Task<CallResult<IssueNode>> CompleteAsync(RepositoryRef repository, IssueNode node, CancellationToken cancellationToken)
    {
        string what = $"reading the history of {repository}#{node.Number}";
        while (node.TimelineItems?.PageInfo is { HasNextPage: true, EndCursor: { } cursor })
        {
            CallResult<IssueNode> part = await ReadPartAsync(HistoryDocuments.MoreEvents, node, cursor, what, cancellationToken);
            if (part.IsRateLimited)
            {
                return part;
            }

            node = node with { TimelineItems = Join(node.TimelineItems, part.Value!.TimelineItems) };
        }

        while (node.Comments?.PageInfo is { HasNextPage: true, EndCursor: { } cursor })
        {
            CallResult<IssueNode> part = await ReadPartAsync(HistoryDocuments.MoreComments, node, cursor, what, cancellationToken);
            if (part.IsRateLimited)
            {
                return part;
            }

            node = node with { Comments = Join(node.Comments, part.Value!.Comments) };
        }

        while (HistoryMapper.FindOldestBody(node) is null
            && node.UserContentEdits?.PageInfo is { HasPreviousPage: true, StartCursor: { } cursor })
        {
            CallResult<IssueNode> part = await ReadPartAsync(HistoryDocuments.NewerEdits, node, cursor, what, cancellationToken);
            if (part.IsRateLimited)
            {
                return part;
            }

            node = node with { UserContentEdits = part.Value!.UserContentEdits };
        }

        return CallResult<IssueNode>.Ok(node);
    }

    private async Task<CallResult<IssueNode>> ReadPartAsync(
        string document, IssueNode node, string cursor, string what, CancellationToken cancellationToken)
    {
        CallResult<IssuePartData> result = await _app.QueryAsync<IssuePartData>(
            new RequestTag(RequestKind.Read, extra: true), what, document, new JsonObject { ["id"] = node.Id, ["cursor"] = cursor },
            cancellationToken);
        return result.RetryAt is { } limited ? CallResult<IssueNode>.RateLimited(limited)
            : CallResult<IssueNode>.Ok(result.Value!.Node ?? throw GitHubFailures.NotFound(what, _app.Setting));
    }

    private static NodeList<T>? Join<T>(NodeList<T> first, NodeList<T>? second)
        where T : class => second is null ? first with { PageInfo = null } : second with { Nodes = [.. first.Items, .. second.Items] };
}

/// <summary>A position in the history of a repository's issues.</summary>
/// <param name="Older">Issues until there that were opened too early to belong to it.</param>
/// <param name="After">GitHub's cursor; null at the beginning.</param>
internal sealed record HistoryCursor(int Older, string? After)
{
    /// <exception cref="PermanentFailureException">It is not from a page.</exception>
    public static HistoryCursor Parse(string? text) => text switch
    {
        null => new HistoryCursor(0, null),
        _ when text.Split(':', 2) is [var older, { Length: > 0 } after]
            && int.TryParse(older, NumberStyles.None, CultureInfo.InvariantCulture, out int count) => new HistoryCursor(count, after),
        _ => throw new PermanentFailureException(
            "github-unprocessable", "The position to continue from is not one that a page named: begin without it."),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Older}:{After}");
}
