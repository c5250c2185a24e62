using System.Collections.Concurrent;

namespace SiteMonitor.LocalHost.Sandbox.Limits;

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
