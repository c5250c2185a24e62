using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Reads and writes issues through Octokit: by GraphQL where possible, because one request does the work of many.</summary>
internal sealed class OctokitIssueTracker : IIssueTracker, IDisposable
{
    private readonly GitHubApiClient _app;
    private readonly OwnIdentity _identity;
    private readonly RepositoryNames _names;
    private readonly CopilotAgentIds _agentIds;
    private readonly IssueReader _reader;
    private readonly IssueWriter _writer;
    private readonly CopilotAssigner _handOver;
    private readonly CandidateLister _lister;
    private readonly TimeProvider _time;

    public OctokitIssueTracker(
        GitHubConnections connections,
        SpecialistCatalogue catalogue,
        IRunLedger ledger,
        RepositoryNames names,
        GitHubClocks clocks,
        ILogger<OctokitIssueTracker> logger)
    {
        _app = connections.App;
        _identity = new OwnIdentity(connections.App, connections.User);
        _names = names;
        _time = clocks.SystemTime;
        LabelIdCache labelIds = new(catalogue, clocks.SystemTime);
        SnapshotMapper mapper = new(_identity);
        ServerFeatures features = new();
        _reader = new IssueReader(_app, labelIds, _identity, mapper, features, ledger, names, clocks.SystemTime);
        LabelResolver labels = new(_app, labelIds, _identity, names);
        _writer = new IssueWriter(_app, labelIds, labels, _reader, _identity, mapper, features);
        _agentIds = new CopilotAgentIds(connections.User, _identity, names, clocks.SystemTime);
        _handOver = new CopilotAssigner(connections.User, _writer, _agentIds);
        _lister = new CandidateLister(_app, names, logger);
    }

    public Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken) =>
        ReadAsync(issue, delivered: null, cancellationToken);

    public Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, IssueObservation? delivered, CancellationToken cancellationToken) =>
        delivered is null
        ? _reader.ReadAsync(issue, new RequestTag(RequestKind.Read), cancellationToken)
        : _reader.ReadUpToDateAsync(issue, delivered, cancellationToken);

    public async Task<CallResult<AssignCopilotResult>> AssignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        CallResult<AssignCopilotResult> result = await _handOver.AssignCopilotAsync(issue, change, cancellationToken);
        if (result.Value?.Copilot is { Assigned: true })
        {
            CallMeter.Add(new Usage { CopilotSessions = 1 });
        }

        return result;
    }

    public Task<CallResult<IssueSnapshot>> UnassignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken) =>
        _handOver.UnassignCopilotAsync(issue, change, cancellationToken);

    public Task<CallResult<IssueSnapshot>> ApplyAsync(
        IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken) =>
        _writer.ApplyAsync(issue, nodeId, change, cancellationToken);

    public Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken) =>
        _lister.ListAsync(query, cancellationToken);

    public async Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(
        RepositoryRef repository, int pullRequest, CancellationToken cancellationToken)
    {
        RequestTag tag = new(RequestKind.Read);
        try
        {
            return await ReadClosingIssuesAsync(repository, pullRequest, tag, cancellationToken);
        }
        catch (PermanentFailureException failure) when (failure.Code == GitHubFailures.NotFoundCode)
        {
            // A delivery has just shown the pull request, so this replica may only not have it yet.
            await Task.Delay(IssueReader.ReplicaLag, _time, cancellationToken);
            return await ReadClosingIssuesAsync(repository, pullRequest, new RequestTag(RequestKind.Read, extra: true), cancellationToken);
        }
    }

    public async Task<CallResult<RepositoryIdentity>> ReadRepositoryAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        string what = $"reading the name of {repository}";
        CallResult<ReadIssueData> result = await _app.QueryAsync<ReadIssueData>(
            new RequestTag(RequestKind.Read, extra: true),
            what,
            GraphDocuments.FindRepository,
            new JsonObject { ["owner"] = repository.Owner, ["name"] = repository.Name },
            cancellationToken);
        return result.RetryAt is { } limited ? CallResult<RepositoryIdentity>.RateLimited(limited)
            : result.Value!.Repository is { Id: { } id } found && RepositoryRef.TryParse(found.NameWithOwner, out RepositoryRef? name)
                ? CallResult<RepositoryIdentity>.Ok(new RepositoryIdentity(id, name))
                : throw GitHubFailures.NotFound(what, _app.Setting);
    }

    public Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken) => _identity.GetLoginsAsync(cancellationToken);

    public string? UserLogin => _identity.UserLogin;

    public void Dispose()
    {
        _agentIds.Dispose();
        _identity.Dispose();
        _lister.Dispose();
    }

    private async Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(
        RepositoryRef repository, int pullRequest, RequestTag tag, CancellationToken cancellationToken)
    {
        string what = $"reading which issues {repository}#{pullRequest} closes";
        RepositoryRef current = _names.FindCurrentName(repository);
        CallResult<ClosingIssuesData> result = await _app.QueryAsync<ClosingIssuesData>(
            tag,
            what,
            GraphDocuments.ClosingIssues,
            new JsonObject { ["owner"] = current.Owner, ["name"] = current.Name, ["number"] = pullRequest },
            cancellationToken);
        if (result.RetryAt is { } limited)
        {
            return CallResult<IReadOnlyList<IssueRef>>.RateLimited(limited);
        }

        ClosingPullRequest found = result.Value!.Repository?.PullRequest ?? throw GitHubFailures.NotFound(what, _app.Setting);
        return CallResult<IReadOnlyList<IssueRef>>.Ok(
            [.. (found.ClosingIssuesReferences?.Items ?? []).Select(Reference).OfType<IssueRef>()]);
    }

    private static IssueRef? Reference(ClosingIssue issue) =>
        RepositoryRef.TryParse(issue.Repository?.NameWithOwner, out RepositoryRef? repository)
            ? new IssueRef(repository, issue.Number)
            : null;
}
