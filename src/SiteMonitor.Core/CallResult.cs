namespace SiteMonitor.Core;

/// <summary>The result of an external call: a value, or the time at which its rate limit ends.</summary>
public sealed record CallResult<T>
{
    private CallResult(T? value, DateTimeOffset? retryAt) => (Value, RetryAt) = (value, retryAt);

    /// <summary>The value; at a rate limit the part read before it, or null.</summary>
    public T? Value { get; }

    /// <summary>When the rate limit ends (UTC); null without one.</summary>
    public DateTimeOffset? RetryAt { get; }

    public bool IsRateLimited => RetryAt is not null;

    public static CallResult<T> Ok(T value) => new(value, null);

    /// <summary>Creates a result with the part that was read before the rate limit.</summary>
    public static CallResult<T> PartialResult(T value, DateTimeOffset retryAt) => new(value, retryAt);

    public static CallResult<T> RateLimited(DateTimeOffset retryAt) => new(default, retryAt);
}
