using System.Text.Json.Serialization;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// What an activity returned: a value, or the time until which a rate limit prevents another attempt. Either way, what it spent.
/// </summary>
public sealed record ActivityResult<T>
    where T : class
{
    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Null when a rate limit prevents the activity.</summary>
    [JsonPropertyName("Answer")]
    public T? Value { get; init; }

    /// <summary>When the limit ends (UTC); null when there is a value.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public Usage Usage { get; init; } = Usage.Zero;

    /// <summary>How long the attempt that returned this took, in milliseconds; null in results of an older version.</summary>
    public long? ElapsedMs { get; init; }

    /// <summary>What a dry run would have written in this activity.</summary>
    public IReadOnlyList<PlannedWrite> Planned { get; init; } = [];
}

/// <summary>
/// What every activity that works on an issue receives. Durable histories store it: small, without text of the issue, without secrets.
/// </summary>
public abstract record ActivityInput
{
    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>The writes that a dry run has planned so far, which the activity treats as made; null for a real run.</summary>
    public IReadOnlyList<PlannedWrite>? Planned { get; init; }

    /// <summary>How soon the activity's writes must be made.</summary>
    public WritePriority Priority { get; init; }

    [JsonIgnore]
    public IssueRef Ref => IssueRef.Parse(Issue);
}

internal static class CallResultExtensions
{
    /// <summary>Converts the value, or passes the rate limit on.</summary>
    public static CallResult<TOut> Then<TIn, TOut>(this CallResult<TIn> result, Func<TIn, TOut> convert) =>
        result.RetryAt is { } retryAt ? CallResult<TOut>.RateLimited(retryAt) : CallResult<TOut>.Ok(convert(result.Value!));

    /// <summary>Passes the rate limit on as another kind of result.</summary>
    public static CallResult<TOut> AsRateLimited<TIn, TOut>(
        this CallResult<TIn> result) => CallResult<TOut>.RateLimited(result.RetryAt!.Value);
}
