namespace SiteMonitor.Core;

/// <summary>The result of an external call: a value, or the time before which the service takes no request.</summary>
public sealed record CallResult<T>
{
    private CallResult(T? value, DateTimeOffset? retryAt) => (Value, RetryAt) = (value, retryAt);

    /// <summary>The value; without a <see cref="RetryAt"/> always there, with one the part read before it, or null.</summary>
    public T? Value { get; }

    /// <summary>When the rate limit ends, or the service that is down is asked again (UTC); null when it answered.</summary>
    public DateTimeOffset? RetryAt { get; }

    public bool IsRateLimited => RetryAt is not null;

    /// <summary>Whether the model is down.</summary>
    public bool IsModelOutage { get; private init; }

    public static CallResult<T> Ok(T value) => new(value, null);

    /// <summary>Creates a result with the part that was read before the rate limit.</summary>
    public static CallResult<T> PartialResult(T value, DateTimeOffset retryAt) => new(value, retryAt);

    public static CallResult<T> RateLimited(DateTimeOffset retryAt) => new(default, retryAt);

    public static CallResult<T> ModelOutage(DateTimeOffset retryAt) => new(default, retryAt) { IsModelOutage = true };
}
