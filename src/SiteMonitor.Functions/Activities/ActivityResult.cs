using System.Text.Json.Serialization;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// What an activity returned: a value, or the time before which another attempt makes no sense. Either way, what it spent.
/// </summary>
public sealed record ActivityResult<T>
    where T : class
{
    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Null when the activity is to be called again.</summary>
    [JsonPropertyName("Answer")]
    public T? Value { get; init; }

    /// <summary>When the limit ends, or the service that is down is asked again (UTC); null when there is a value.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether the model is down, for which a run waits less long than for a limit.</summary>
    public bool IsModelOutage { get; init; }

    /// <summary>Whether the wait is too short to reset the attempt count.</summary>
    /// <remarks>
    /// A few failed requests for one issue open a circuit for about a second. If that reset the count, several such issues would never use
    /// up their attempts.
    /// </remarks>
    public bool IsBriefWait { get; init; }

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
        result.RetryAt is null ? CallResult<TOut>.Ok(convert(result.Value!)) : result.AsRateLimited<TIn, TOut>();

    /// <summary>Passes the rate limit or outage on as another kind of result.</summary>
    public static CallResult<TOut> AsRateLimited<TIn, TOut>(this CallResult<TIn> result) => result.IsModelOutage
        ? CallResult<TOut>.ModelOutage(result.RetryAt!.Value)
        : CallResult<TOut>.RateLimited(result.RetryAt!.Value);
}
