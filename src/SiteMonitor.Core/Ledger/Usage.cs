namespace SiteMonitor.Core.Ledger;

/// <summary>The cost of a piece of work. Counts are HTTP requests, GraphQL ones included.</summary>
public sealed record Usage
{
    public static Usage Zero { get; } = new();

    public int GitHubReads { get; init; }

    public int GitHubWrites { get; init; }

    /// <summary>Requests beyond the regular ones, such as retries, repeated reads, Copilot's fallback and labels created.</summary>
    public int GitHubExtra { get; init; }

    public int ModelCalls { get; init; }

    public int PromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    /// <summary>Cost of the model in US dollars, by the price table in the settings.</summary>
    public decimal Dollars { get; init; }

    /// <summary>Analyses taken from the cache, at no cost.</summary>
    public int CacheHits { get; init; }

    /// <summary>Sessions of the Copilot coding agent that were started.</summary>
    public int CopilotSessions { get; init; }

    /// <summary>Milliseconds spent waiting for the write queue and rate limits; not part of a run's duration.</summary>
    public long WaitMs { get; init; }

    public static Usage operator +(Usage a, Usage b) => Add(a, b);

    /// <summary>Returns the same cost with every GitHub request counted as extra.</summary>
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
        CopilotSessions = a.CopilotSessions + b.CopilotSessions,
        WaitMs = a.WaitMs + b.WaitMs,
    };
}
