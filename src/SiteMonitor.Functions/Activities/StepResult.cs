using System.Text.Json.Serialization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Metering;

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
