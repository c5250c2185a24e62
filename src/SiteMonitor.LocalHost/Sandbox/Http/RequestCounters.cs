using System.Collections.Concurrent;
using SiteMonitor.LocalHost.Sandbox.Limits;

namespace SiteMonitor.LocalHost.Sandbox.Http;

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
