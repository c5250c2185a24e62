namespace SiteMonitor.Core;

/// <summary>What an external call gave: a value, or the time until which its rate limit bars another try.</summary>
public sealed record CallResult<T>
{
    private CallResult(T? value, DateTimeOffset? retryAt) => (Value, RetryAt) = (value, retryAt);

    /// <summary>Set unless <see cref="IsRateLimited"/>; then, too, where a part was to be had before the limit.</summary>
    public T? Value { get; }

    /// <summary>When the limit ends (UTC); null when there is a whole value.</summary>
    public DateTimeOffset? RetryAt { get; }

    public bool IsRateLimited => RetryAt is not null;

    public static CallResult<T> Ok(T value) => new(value, null);

    /// <summary>What was to be had before the limit came.</summary>
    public static CallResult<T> PartialResult(T value, DateTimeOffset retryAt) => new(value, retryAt);

    public static CallResult<T> RateLimited(DateTimeOffset retryAt) => new(default, retryAt);
}
