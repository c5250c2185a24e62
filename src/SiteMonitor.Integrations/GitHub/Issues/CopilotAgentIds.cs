using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Caches the Copilot coding agent's node id for each repository, for an hour.</summary>
internal sealed class CopilotAgentIds(GitHubApiClient user, OwnIdentity identity, RepositoryNames names, TimeProvider time) : IDisposable
{
    /// <summary>The header that enables assigning Copilot over GraphQL (docs.github.com, "Using Copilot to work on an issue").</summary>
    public static readonly KeyValuePair<string, string>[] FeatureHeader =
        [new("GraphQL-Features", "issues_copilot_assignment_api_support")];

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<RepositoryRef, (string Id, long ReadAt)> _ids = new();
    private readonly SemaphoreSlim _asking = new(1, 1);

    /// <returns>The id; empty where GitHub does not offer the agent, which is asked again each time.</returns>
    public async Task<CallResult<string>> FindAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        if (FindKnown(repository) is { } known)
        {
            return CallResult<string>.Ok(known);
        }

        // Runs that begin together ask once.
        await _asking.WaitAsync(cancellationToken);
        try
        {
            return FindKnown(repository) is { } learnt ? CallResult<string>.Ok(learnt) : await AskAsync(repository, cancellationToken);
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Invalidate(RepositoryRef repository) => _ids.TryRemove(repository, out _);

    public void Dispose() => _asking.Dispose();

    private string? FindKnown(RepositoryRef repository) =>
        _ids.TryGetValue(repository, out (string Id, long ReadAt) known) && time.GetElapsedTime(known.ReadAt) < Lifetime ? known.Id : null;

    private async Task<CallResult<string>> AskAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        RepositoryRef current = names.FindCurrentName(repository);
        CallResult<FindCopilotData> found = await user.QueryAsync<FindCopilotData>(
            new RequestTag(RequestKind.Read, extra: true) { Headers = FeatureHeader },
            $"looking for Copilot in {repository}",
            GraphDocuments.FindCopilot,
            new JsonObject { ["owner"] = current.Owner, ["name"] = current.Name },
            cancellationToken);
        if (found.RetryAt is { } limited)
        {
            return CallResult<string>.RateLimited(limited);
        }

        identity.SetUser(found.Value!.Viewer);
        string id = found.Value.AgentId ?? string.Empty;
        if (id.Length > 0)
        {
            _ids[repository] = (id, time.GetTimestamp());
        }

        return CallResult<string>.Ok(id);
    }
}
