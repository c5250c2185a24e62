using System.Text.Json.Serialization;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>What a step gave: an answer, or the time until which a rate limit bars another try; and what it spent in either case.</summary>
public sealed record ActivityResult<T>
    where T : class
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Null when a limit bars the step.</summary>
    [JsonPropertyName("Answer")] public T? Value { get; init; }

    /// <summary>When the limit ends (UTC); null when there is an answer.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public Usage Usage { get; init; } = Usage.Zero;

    /// <summary>What a dry run would have written in this step.</summary>
    public IReadOnlyList<PlannedWrite> Planned { get; init; } = [];
}

/// <summary>Passes rate limits on.</summary>
internal static class CallResultExtensions
{
    public static CallResult<TOut> Then<TIn, TOut>(this CallResult<TIn> result, Func<TIn, TOut> next) =>
        result.RetryAt is { } retryAt ? CallResult<TOut>.RateLimited(retryAt) : CallResult<TOut>.Ok(next(result.Value!));

    /// <summary>The limit as another kind of result.</summary>
    public static CallResult<TOut> AsLimited<TIn, TOut>(this CallResult<TIn> result) => CallResult<TOut>.RateLimited(result.RetryAt!.Value);
}

/// <summary>What every step of a run is given. Stored in the run's history: small, no text of the issue, no secret.</summary>
public abstract record ActivityInput
{
    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>For a dry run the writes planned so far, which the step takes for made; null for a real run.</summary>
    public IReadOnlyList<PlannedWrite>? Planned { get; init; }

    [JsonIgnore]
    public IssueRef Ref => IssueRef.Parse(Issue);
}
