using System.Collections.Concurrent;

namespace SiteMonitor.Sandbox.Limits;

/// <summary>The limits of all tokens.</summary>
internal sealed class RateLimits(TimeProvider time, double timeScale)
{
    /// <summary>REST and GraphQL together.</summary>
    public const int MaxConcurrent = 100;

    private readonly ConcurrentDictionary<string, TokenLimits> _tokens = new(StringComparer.Ordinal);
    private int _running;

    public TokenLimits Of(string token) => _tokens.GetOrAdd(token, _ => new TokenLimits(timeScale));

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>False when more than <see cref="MaxConcurrent"/> requests run; <see cref="Leave"/> is due either way.</summary>
    public bool Enter() => Interlocked.Increment(ref _running) <= MaxConcurrent;

    public void Leave() => Interlocked.Decrement(ref _running);

    public void Clear() => _tokens.Clear();
}

/// <summary>Whether a request may pass.</summary>
/// <param name="ExceededLimit">Null when it may, else the name of the limit: <c>primary</c>, <c>points</c>, <c>content per minute</c>, <c>content per hour</c>.</param>
/// <param name="ResetAt">When that limit ends.</param>
internal sealed record LimitDecision(string? ExceededLimit, DateTimeOffset ResetAt)
{
    public bool IsPrimary => ExceededLimit == "primary";
}

/// <summary>What a request is to GitHub's limits.</summary>
internal enum RequestKind
{
    Read,
    Write,
    Query,
    Mutation,
}
