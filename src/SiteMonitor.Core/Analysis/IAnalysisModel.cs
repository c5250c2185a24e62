using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>The model that reads an issue. Same text, same catalogue, same model: answered from the cache, without a call. Failures as in <see cref="Issues.IIssueTracker"/>.</summary>
public interface IAnalysisModel
{
    Task<CallResult<ModelResult>> AnalyzeAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken);
}

/// <summary>Answers by content hash; losing one costs a model call, nothing else.</summary>
public interface IAnalysisCache
{
    /// <summary>The stored answer's JSON, or null.</summary>
    Task<string?> FindAsync(string key, CancellationToken cancellationToken);

    Task StoreAsync(string key, string json, CancellationToken cancellationToken);
}

/// <summary>The model's answer, already checked against the schema: confidences only for specialists of the catalogue.</summary>
public sealed record ModelAnalysis
{
    public required string Summary { get; init; }

    public required IReadOnlyList<string> KeyTopics { get; init; }

    /// <summary>Specialist label → confidence, 0 to 1; one entry for each specialist of the catalogue.</summary>
    public required IReadOnlyDictionary<string, double> Confidences { get; init; }

    public required IReadOnlyList<string> Indicators { get; init; }

    public required Urgency Urgency { get; init; }

    public required string ContentType { get; init; }
}

/// <summary>How a question to the model ended. What it cost is on the current <see cref="Metering.CallMeter"/>.</summary>
/// <param name="Status">Whether there is an answer.</param>
/// <param name="Analysis">Set when answered.</param>
/// <param name="Detail">For people, when there is none: the refusal, or what was wrong with the answer.</param>
public sealed record ModelResult(ModelResultStatus Status, ModelAnalysis? Analysis, string Detail = "");

public enum ModelResultStatus
{
    Answered,

    /// <summary>The model, or its content filter, declined: a person has to look.</summary>
    Refused,

    /// <summary>Not in the schema, also after one repair try.</summary>
    Malformed,
}

public enum Urgency
{
    Low,
    Medium,
    High,
    Critical,
}
