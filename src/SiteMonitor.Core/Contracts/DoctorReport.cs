using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Contracts;

/// <summary>Answer of <c>GET doctor</c> and <c>POST doctor</c>: everything that was looked at, in the order of the checks.</summary>
public sealed record DoctorReport
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool IsHealthy => Findings.All(f => f.Level != FindingLevel.Failure);
}

/// <summary>Body of <c>POST doctor</c>.</summary>
public sealed record DoctorRequest
{
    /// <summary>Whether to mend what can be mended without harm: create labels that are missing.</summary>
    public bool Fix { get; init; }
}

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

/// <summary>How bad a finding is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but look at it; or could not be found out.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Failure,
}
