using System.Collections.Concurrent;

namespace SiteMonitor.Sandbox.Limits;

/// <summary>The rate limits of all tokens.</summary>
internal sealed class RateLimits(TimeProvider time, double timeScale)
{
    /// <summary>Concurrent requests, REST and GraphQL together.</summary>
    public const int MaxConcurrent = 100;

    private readonly ConcurrentDictionary<string, TokenLimits> _tokens = new(StringComparer.Ordinal);
    private int _running;

    public TokenLimits Of(string token) => _tokens.GetOrAdd(token, _ => new TokenLimits(timeScale));

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Counts a request; false above <see cref="MaxConcurrent"/>. <see cref="Leave"/> must follow either way.</summary>
    public bool Enter() => Interlocked.Increment(ref _running) <= MaxConcurrent;

    public void Leave() => Interlocked.Decrement(ref _running);

    public void Clear() => _tokens.Clear();
}

/// <summary>Whether a request may pass.</summary>
/// <param name="ExceededLimit">Null if it may, else <c>primary</c>, <c>points</c>, <c>content per minute</c> or <c>content per
/// hour</c>.</param>
/// <param name="ResetAt">When that limit ends.</param>
internal sealed record LimitDecision(string? ExceededLimit, DateTimeOffset ResetAt)
{
    public bool IsPrimary => ExceededLimit == "primary";
}

/// <summary>Kinds of requests that GitHub's limits distinguish.</summary>
internal enum RequestKind
{
    Read,
    Write,
    Query,
    Mutation,
}
