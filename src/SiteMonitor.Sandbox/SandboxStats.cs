using System.Collections.Concurrent;
using SiteMonitor.Sandbox.Limits;

namespace SiteMonitor.Sandbox;

/// <summary>What the simulators were asked so far, since their process started.</summary>
public sealed record SandboxStats
{
    /// <summary>HTTP requests to GitHub that were answered, refused ones included.</summary>
    public long GitHubRequests { get; init; }

    /// <summary>REST requests that read.</summary>
    public long RestReads { get; init; }

    /// <summary>REST requests that write.</summary>
    public long RestWrites { get; init; }

    public long GraphQueries { get; init; }

    public long GraphMutations { get; init; }

    /// <summary>304s; they are counted among the reads too.</summary>
    public long NotModified { get; init; }

    /// <summary>Requests refused by a rate limit (not by an injected fault), secondary ones included.</summary>
    public long RateLimited { get; init; }

    /// <summary>Refusals by HTTP status; GraphQL errors count as <c>graphql</c>.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();

    /// <summary>Requests by the login they acted as.</summary>
    public IReadOnlyDictionary<string, long> ByLogin { get; init; } = new Dictionary<string, long>();

    public long FaultsInjected { get; init; }

    public long ModelRequests { get; init; }

    public long ModelPromptTokens { get; init; }

    public long ModelCompletionTokens { get; init; }

    public long Deliveries { get; init; }

    public long DeliveriesFailed { get; init; }

    public long DeliveriesPending { get; init; }
}

/// <summary>Counts for <see cref="SandboxStats"/>.</summary>
internal sealed class RequestCounters
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _requests;

    public long NextRequest() => Interlocked.Increment(ref _requests);

    public void Count(string name, long by = 1) => _counts.AddOrUpdate(name, by, (_, old) => old + by);

    public void Clear() => _counts.Clear();

    public SandboxStats ToStats(IReadOnlyList<State.WebhookDelivery> deliveries) => new()
    {
        GitHubRequests = Of("github"),
        RestReads = Of(nameof(RequestKind.Read)),
        RestWrites = Of(nameof(RequestKind.Write)),
        GraphQueries = Of(nameof(RequestKind.Query)),
        GraphMutations = Of(nameof(RequestKind.Mutation)),
        NotModified = Of("304"),
        RateLimited = Of("limited"),
        Refusals = WithPrefix("refused:"),
        ByLogin = WithPrefix("by:"),
        FaultsInjected = Of("faults"),
        ModelRequests = Of("model"),
        ModelPromptTokens = Of("model:prompt"),
        ModelCompletionTokens = Of("model:completion"),
        Deliveries = deliveries.Count,
        DeliveriesFailed = deliveries.Count(d => d.Status is { } status and not (>= 200 and < 300)),
        DeliveriesPending = deliveries.Count(d => d.Status is null),
    };

    private long Of(string name) => _counts.GetValueOrDefault(name);

    private SortedDictionary<string, long> WithPrefix(string prefix) =>
        new(_counts.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(c => c.Key[prefix.Length..], c => c.Value), StringComparer.Ordinal);
}
