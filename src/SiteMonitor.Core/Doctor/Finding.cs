using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Detail">What was found; no secret.</param>
/// <param name="Advice">What to do; empty when there is nothing to do.</param>
public sealed record Finding([property: JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))] FindingLevel Level, string Detail, string Advice = "")
{
    /// <summary>The check that found it.</summary>
    public string Check { get; init; } = string.Empty;

    public static Finding Ok(string detail) => new(FindingLevel.Ok, detail);

    public static Finding Warning(string detail, string advice) => new(FindingLevel.Warning, detail, advice);

    public static Finding Failure(string detail, string advice) => new(FindingLevel.Failure, detail, advice);
}
