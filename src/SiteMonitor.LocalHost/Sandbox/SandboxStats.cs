namespace SiteMonitor.LocalHost.Sandbox;

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
