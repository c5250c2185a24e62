using System.Collections.Immutable;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox;

/// <summary>Counts the requests to the simulators since the process started.</summary>
public sealed record SandboxStats
{
    private static readonly ImmutableSortedDictionary<string, long> NoCounts =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Answered HTTP requests to GitHub, including refused ones.</summary>
    public long GitHubRequests { get; init; }

    /// <summary>REST requests that read.</summary>
    public long RestReads { get; init; }

    /// <summary>REST requests that write.</summary>
    public long RestWrites { get; init; }

    public long GraphQueries { get; init; }

    public long GraphMutations { get; init; }

    /// <summary>Responses with status 304; also counted as reads.</summary>
    public long NotModified { get; init; }

    /// <summary>Requests refused by a primary or secondary rate limit, not by an injected fault.</summary>
    public long RateLimited { get; init; }

    /// <summary>Refused requests by HTTP status; GraphQL errors are counted as <c>graphql</c>.</summary>
    public ImmutableSortedDictionary<string, long> Refusals { get; init; } = NoCounts;

    /// <summary>Requests by the login of the caller.</summary>
    public ImmutableSortedDictionary<string, long> ByLogin { get; init; } = NoCounts;

    public long FaultsInjected { get; init; }

    public long ModelRequests { get; init; }

    public long ModelPromptTokens { get; init; }

    public long ModelCompletionTokens { get; init; }

    public long Deliveries { get; init; }

    public long DeliveriesFailed { get; init; }

    public long DeliveriesPending { get; init; }

    internal SandboxStats CountRequest(RequestKind kind, string login) => this with
    {
        RestReads = RestReads + (kind == RequestKind.Read ? 1 : 0),
        RestWrites = RestWrites + (kind == RequestKind.Write ? 1 : 0),
        GraphQueries = GraphQueries + (kind == RequestKind.Query ? 1 : 0),
        GraphMutations = GraphMutations + (kind == RequestKind.Mutation ? 1 : 0),
        ByLogin = Increment(ByLogin, login),
    };

    internal SandboxStats WithDeliveries(IReadOnlyList<WebhookDelivery> deliveries) => this with
    {
        Deliveries = deliveries.Count,
        DeliveriesFailed = deliveries.Count(d => d.Status is { } status and not (>= 200 and < 300)),
        DeliveriesPending = deliveries.Count(d => d.Status is null),
    };

    internal static ImmutableSortedDictionary<string, long> Increment(ImmutableSortedDictionary<string, long> counts, string name) =>
        counts.SetItem(name, counts.GetValueOrDefault(name) + 1);
}

/// <summary>Updates the figures of <see cref="SandboxStats"/>.</summary>
internal sealed class RequestCounters
{
    private readonly Lock _gate = new();
    private SandboxStats _stats = new();
    private long _requests;

    public SandboxStats Stats
    {
        get
        {
            lock (_gate)
            {
                return _stats;
            }
        }
    }

    public long NextRequest() => Interlocked.Increment(ref _requests);

    public void Update(Func<SandboxStats, SandboxStats> change)
    {
        lock (_gate)
        {
            _stats = change(_stats);
        }
    }

    public void Clear() => Update(_ => new SandboxStats());
}
