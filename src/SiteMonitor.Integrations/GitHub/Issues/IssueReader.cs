using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Reads an issue with one query, which also returns what writes need: label ids (if unknown) and our login.</summary>
internal sealed class IssueReader(
    GitHubApiClient app,
    LabelIdCache labelIds,
    OwnIdentity identity,
    SnapshotMapper mapper,
    ServerFeatures features,
    IRunLedger ledger,
    RepositoryNames names,
    TimeProvider time)
{
    /// <summary>Time given to a replica that lags behind the webhook or our own writes.</summary>
    internal static readonly TimeSpan ReplicaLag = TimeSpan.FromSeconds(1.5);

    /// <summary>How far back the ledger is searched for runs that commented: one query reads each of these days.</summary>
    private static readonly TimeSpan KnownCommentsWindow = TimeSpan.FromDays(90);

    /// <summary>Maximum number of runs whose comments one read requests.</summary>
    private const int MaxKnownComments = 50;

    /// <summary>Maximum pages of 100 older comments that one read searches for ours.</summary>
    private const int MaxOlderPages = 20;

    /// <summary>Reads an issue that was seen before; reads once more if the result lacks the issue, or what was seen of it.</summary>
    public async Task<CallResult<IssueSnapshot>> ReadUpToDateAsync(
        IssueRef issue, IssueObservation delivered, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<IssueSnapshot> read = await ReadAsync(issue, new RequestTag(RequestKind.Read), cancellationToken);
            if (read.Value is not { } snapshot || delivered.IsReflectedIn(snapshot.UpdatedAt, snapshot.Labels, snapshot.IsOpen))
            {
                return read;
            }
        }
        catch (PermanentFailureException failure) when (failure.Code is SkipCodes.IssueGone or GitHubFailures.NotFoundCode)
        {
            // The issue was there a moment ago, so this replica may only not have it yet.
        }

        await Task.Delay(ReplicaLag, time, cancellationToken);
        return await ReadAsync(issue, new RequestTag(RequestKind.Read, extra: true), cancellationToken);
    }

    /// <param name="tag">Says how the request counts.</param>
    /// <exception cref="PermanentFailureException">
    /// The issue cannot be read; where people took it away or closed the repository to writes, the code is one of
    /// <see cref="SkipCodes.IsUnavailable"/>.
    /// </exception>
    public async Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, RequestTag tag, CancellationToken cancellationToken)
    {
        string what = $"reading {issue}";
        bool actors = features.AssignedActors;
        IReadOnlyList<string> labels = labelIds.FindRepositoryId(issue.Repository) is null ? labelIds.ManagedLabels : [];
        CallResult<GraphResponse<ReadIssueData>> result = await app.SendAsync<ReadIssueData>(
            tag, what, GraphDocuments.ReadIssue(labels.Count, actors), Variables(issue, labels), cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<IssueSnapshot>.RateLimited(limited);
        }

        GraphResponse<ReadIssueData> response = result.Value!;
        if (actors && response.Errors?.Any(e => GraphFailures.LacksField(e, ServerFeatures.AssignedActorsField)) == true)
        {
            features.AssignedActors = false;
            return await ReadAsync(issue, tag, cancellationToken);
        }

        if (response.HasErrors && !IsReadable(response))
        {
            throw FindCause(response) ?? app.ToException(response.Errors!, what);
        }

        ThrowIfUnavailable(response.Data!.Repository);
        IssueSnapshot snapshot = ToSnapshot(issue, response.Data, labels.Count, what);
        return await AddOlderCommentsAsync(snapshot, response.Data.Repository!.IssueOrPullRequest!.Comments?.PageInfo, cancellationToken);
    }

    /// <summary>Finds our comments before the newest 100: by their ids in the ledger, or else by paging.</summary>
    private async Task<CallResult<IssueSnapshot>> AddOlderCommentsAsync(
        IssueSnapshot snapshot, PageInfo? page, CancellationToken cancellationToken)
    {
        if (page is not { HasPreviousPage: true })
        {
            return CallResult<IssueSnapshot>.Ok(snapshot);
        }

        string[]? known = await ReadKnownIdsAsync(snapshot.Ref, cancellationToken);
        CallResult<IReadOnlyList<CommentNode>> older = known is not null
            ? await ReadCommentsAsync(snapshot, [.. known.Except(snapshot.OwnComments.Select(c => c.NodeId))], cancellationToken)
            : await ReadPagesAsync(snapshot, page, cancellationToken);
        return older.Value is { } comments
            ? CallResult<IssueSnapshot>.Ok(
                snapshot with { OwnComments = [.. SnapshotMapper.MapComments(comments), .. snapshot.OwnComments] })
            : CallResult<IssueSnapshot>.RateLimited(older.RetryAt!.Value);
    }

    /// <summary>Returns the ids of our comments; null if a run did not record its comment, which must then be searched for.</summary>
    private async Task<string[]?> ReadKnownIdsAsync(IssueRef issue, CancellationToken cancellationToken)
    {
        DateTimeOffset from = time.GetUtcNow() - KnownCommentsWindow;
        LedgerQuery query = new(From: from, Issue: issue.Canonical, Kind: RunKind.Run, NewestFirst: true, Limit: MaxKnownComments);
        List<RunRecord> runs = await ledger.QueryAsync(query, cancellationToken).ToListAsync(cancellationToken);
        return runs.Any(run => run.Version < RunRecord.CurrentVersion)
            ? null
            : [.. runs.Select(run => run.CommentNodeId).Where(id => id.Length > 0).Distinct()];
    }

    private async Task<CallResult<IReadOnlyList<CommentNode>>> ReadCommentsAsync(
        IssueSnapshot snapshot, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return CallResult<IReadOnlyList<CommentNode>>.Ok([]);
        }

        string what = $"reading our comments of {snapshot.Ref}";
        CallResult<GraphResponse<KnownCommentsData>> result = await app.SendAsync<KnownCommentsData>(
            new RequestTag(RequestKind.Read, extra: true),
            what,
            GraphDocuments.KnownComments,
            new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) },
            cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<IReadOnlyList<CommentNode>>.RateLimited(limited);
        }

        // A comment that was deleted is null, with an error beside it.
        return result.Value!.Errors?.FirstOrDefault(e => e.Type != "NOT_FOUND") is null
            ? CallResult<IReadOnlyList<CommentNode>>.Ok(
                [.. (result.Value.Data?.Nodes ?? []).OfType<CommentNode>().Where(c => c.Id is not null)])
            : throw app.ToException(result.Value.Errors!, what);
    }

    private async Task<CallResult<IReadOnlyList<CommentNode>>> ReadPagesAsync(
        IssueSnapshot snapshot, PageInfo? page, CancellationToken cancellationToken)
    {
        List<CommentNode> older = [];
        for (int i = 0; i < MaxOlderPages && page is { HasPreviousPage: true, StartCursor: { } cursor }; i++)
        {
            CallResult<IssuePartData> result = await app.QueryAsync<IssuePartData>(
                new RequestTag(RequestKind.Read, extra: true),
                $"reading older comments of {snapshot.Ref}",
                GraphDocuments.OlderComments,
                new JsonObject { ["id"] = snapshot.NodeId, ["before"] = cursor },
                cancellationToken);
            if (result.RetryAt is { } limited)
            {
                return CallResult<IReadOnlyList<CommentNode>>.RateLimited(limited);
            }

            NodeList<CommentNode>? comments = result.Value!.Node?.Comments;
            older.AddRange(comments?.Items ?? []);
            page = comments?.PageInfo;
        }

        return CallResult<IReadOnlyList<CommentNode>>.Ok(older);
    }

    /// <summary>Whether the issue is complete although it links a pull request that we cannot see, or had a label since deleted.</summary>
    private static bool IsReadable(GraphResponse<ReadIssueData> response) =>
        response.Data?.Repository?.IssueOrPullRequest is not null
        && response.Errors!.All(e => e.IsWithin("closedByPullRequestsReferences") || e.IsWithin("timelineItems"));

    /// <summary>Tells whether the issue is gone, or the repository is missing or invisible to us.</summary>
    private static PermanentFailureException? FindCause(GraphResponse<ReadIssueData> response)
    {
        if (response.Data?.Repository is not { IssueOrPullRequest: null } repository
            || !response.Errors!.All(e => e.Type is "NOT_FOUND" or "GONE"))
        {
            return null;
        }

        return UnavailableRepository(repository) ?? Gone();
    }

    private static PermanentFailureException Gone() => new(
        SkipCodes.IssueGone, "GitHub no longer has the issue: it was deleted, transferred or converted to a discussion.");

    private static void ThrowIfUnavailable(RepositoryNode? repository)
    {
        if (repository is not null && UnavailableRepository(repository) is { } failure)
        {
            throw failure;
        }

        if (repository is { NameWithOwner: { } own, IssueOrPullRequest.Repository.NameWithOwner: { } shown }
            && !own.Equals(shown, StringComparison.OrdinalIgnoreCase))
        {
            throw new PermanentFailureException(SkipCodes.IssueTransferred, "The issue was transferred to another repository.");
        }
    }

    private static PermanentFailureException? UnavailableRepository(RepositoryNode repository) => repository switch
    {
        { IsArchived: true } =>
            new PermanentFailureException(SkipCodes.RepositoryArchived, "The repository is archived: nothing can be written."),
        { HasIssuesEnabled: false } =>
            new PermanentFailureException(SkipCodes.IssuesDisabled, "Issues are switched off in the repository."),
        _ => null,
    };

    private JsonObject Variables(IssueRef issue, IReadOnlyList<string> labels)
    {
        RepositoryRef repository = names.FindCurrentName(issue.Repository);
        JsonObject variables = new() { ["owner"] = repository.Owner, ["name"] = repository.Name, ["number"] = issue.Number };
        for (int i = 0; i < labels.Count; i++)
        {
            variables[$"l{i}"] = labels[i];
        }

        return variables;
    }

    private IssueSnapshot ToSnapshot(IssueRef issue, ReadIssueData data, int labelCount, string what)
    {
        if (data.Repository is null)
        {
            throw GitHubFailures.NotFound(what, app.Setting);
        }

        IssueNode node = data.Repository.IssueOrPullRequest ?? throw Gone();
        identity.SetFromViewer(data.Viewer);
        if (labelCount > 0)
        {
            IEnumerable<LabelNode> found = Enumerable.Range(0, labelCount).Select(data.Repository.Label).OfType<LabelNode>();
            labelIds.Replace(issue.Repository, data.Repository.Id!, labelIds.ManagedLabels, found);
        }

        labelIds.Add(issue.Repository, node.Labels?.Items ?? []);
        return mapper.Map(issue, node, node.Comments?.Items ?? []) with
        {
            RepositoryNodeId = data.Repository.Id ?? string.Empty,
            RepositoryName = RepositoryRef.TryParse(data.Repository.NameWithOwner, out RepositoryRef? shown) ? shown : null,
        };
    }
}
