using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Contracts;

/// <summary>Response of <c>GET doctor</c> and <c>POST doctor</c>: all findings, in the order of the checks.</summary>
public sealed record DoctorReport
{
    public IReadOnlyList<Finding> Findings { get; set; } = [];

    public bool IsHealthy => Findings.All(f => f.Level != FindingLevel.Failure);
}

/// <summary>Body of <c>POST doctor</c>.</summary>
public sealed record DoctorRequest
{
    /// <summary>Whether to fix what can be fixed without risk, such as missing labels.</summary>
    public bool Fix { get; init; }
}

/// <summary>A finding of the doctor.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Detail">What was found, without secrets.</param>
/// <param name="Advice">What to do; empty when there is nothing to do.</param>
public sealed record Finding(
    [property: JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))] FindingLevel Level, string Detail, string Advice = "")
{
    /// <summary>The check that found it.</summary>
    public string Check { get; set; } = string.Empty;

    public static Finding Ok(string detail) => new(FindingLevel.Ok, detail);

    public static Finding Warning(string detail, string advice) => new(FindingLevel.Warning, detail, advice);

    public static Finding Failure(string detail, string advice) => new(FindingLevel.Failure, detail, advice);
}

/// <summary>The severity of a finding.</summary>
public enum FindingLevel
{
    /// <summary>No problem was found.</summary>
    Ok,

    /// <summary>It works but needs attention, or could not be determined.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Failure,
}
