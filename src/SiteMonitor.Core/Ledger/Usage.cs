namespace SiteMonitor.Core.Ledger;

/// <summary>What a piece of work cost. Counts are HTTP requests (GraphQL ones too).</summary>
public sealed record Usage
{
    public static Usage Zero { get; } = new();

    public int GitHubReads { get; init; }

    public int GitHubWrites { get; init; }

    /// <summary>Requests beyond the plain way: retries, re-reads after a crash, the fallback for Copilot, labels created. Not in the two above.</summary>
    public int GitHubExtra { get; init; }

    public int ModelCalls { get; init; }

    public int PromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    /// <summary>US dollars by the price table in the settings.</summary>
    public decimal Dollars { get; init; }

    /// <summary>Analyses answered from the cache, at no cost.</summary>
    public int CacheHits { get; init; }

    /// <summary>Milliseconds spent waiting for the write queue and rate limits; not part of a run's duration.</summary>
    public long WaitMs { get; init; }

    public static Usage operator +(Usage a, Usage b) => Add(a, b);

    /// <summary>The same with every GitHub request beyond the plain way.</summary>
    public Usage AsExtra() => this with { GitHubReads = 0, GitHubWrites = 0, GitHubExtra = GitHubExtra + GitHubReads + GitHubWrites };

    public static Usage Add(Usage a, Usage b) => new()
    {
        GitHubReads = a.GitHubReads + b.GitHubReads,
        GitHubWrites = a.GitHubWrites + b.GitHubWrites,
        GitHubExtra = a.GitHubExtra + b.GitHubExtra,
        ModelCalls = a.ModelCalls + b.ModelCalls,
        PromptTokens = a.PromptTokens + b.PromptTokens,
        CompletionTokens = a.CompletionTokens + b.CompletionTokens,
        Dollars = a.Dollars + b.Dollars,
        CacheHits = a.CacheHits + b.CacheHits,
        WaitMs = a.WaitMs + b.WaitMs,
    };
}
