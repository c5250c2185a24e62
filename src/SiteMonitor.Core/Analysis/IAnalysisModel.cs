using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>Analyzes issues with a language model; the same text, catalogue and model are answered from a cache.</summary>
/// <remarks>Fails as <see cref="Issues.IIssueTracker"/> does.</remarks>
public interface IAnalysisModel
{
    Task<CallResult<ModelResult>> AnalyzeAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when to retry if the model is down, otherwise null. If the circuit is open and its break is over, sends the control text to
    /// find out.
    /// </summary>
    Task<DateTimeOffset?> GetRetryTimeIfDownAsync(SpecialistCatalogue catalogue);

    /// <summary>Returns an earlier analysis by its <see cref="ModelResult.CacheKey"/>, or null. Never asks the model.</summary>
    Task<ModelAnalysis?> FindCachedAsync(string cacheKey, SpecialistCatalogue catalogue, CancellationToken cancellationToken);

    /// <summary>Returns whether the text was analyzed before, so that analyzing it again sends no request.</summary>
    Task<bool> IsCachedAsync(AnalysisText text, SpecialistCatalogue catalogue, CancellationToken cancellationToken);

    /// <summary>
    /// Returns whether the model answers a harmless text of our own. If it does, a text without an answer is itself the cause.
    /// </summary>
    /// <returns>False also when the model cannot be reached; it never throws for that.</returns>
    Task<bool> IsAnsweringAsync(SpecialistCatalogue catalogue, CancellationToken cancellationToken);
}

public static class AnalysisModelExtensions
{
    /// <summary>
    /// Adds what the model wrote about the text to a decision that was stored without; it stays without when the cache lost it.
    /// </summary>
    public static async Task<AnalysisDecision?> AddTextsAsync(
        this IAnalysisModel model, AnalysisDecision? decision, SpecialistCatalogue catalogue, CancellationToken cancellationToken) =>
        decision is { CacheKey.Length: > 0 } && await model.FindCachedAsync(decision.CacheKey, catalogue, cancellationToken) is { } analysis
            ? Scoring.AddTexts(decision, analysis)
            : decision;
}

/// <summary>Caches analyses by a hash of their input; losing one costs a call of the model.</summary>
public interface IAnalysisCache
{
    /// <summary>Returns the JSON of a cached analysis, or null.</summary>
    Task<string?> FindAsync(string key, CancellationToken cancellationToken);

    Task StoreAsync(string key, string json, CancellationToken cancellationToken);
}

/// <summary>The model's analysis of an issue, validated against the schema.</summary>
public sealed record ModelAnalysis
{
    public required string Summary { get; init; }

    public required IReadOnlyList<string> KeyTopics { get; init; }

    /// <summary>Specialist label → confidence, 0 to 1, with an entry for each specialist of the catalogue.</summary>
    public required IReadOnlyDictionary<string, double> Confidences { get; init; }

    public required IReadOnlyList<string> Indicators { get; init; }

    /// <summary>Names, which the model claims to quote from the text; null in an analysis that an older version cached.</summary>
    public NamedEntities? Names { get; init; }

    public required Urgency Urgency { get; init; }

    public required string ContentType { get; init; }
}

/// <summary>The result of a call of the model; its cost is counted by the current call meter.</summary>
/// <param name="Status">Whether there is an analysis.</param>
/// <param name="Analysis">The analysis; null when there is none.</param>
/// <param name="Detail">Why there is none, as display text: the refusal, or what was wrong with the response.</param>
public sealed record ModelResult(ModelResultStatus Status, ModelAnalysis? Analysis, string Detail = "")
{
    /// <summary>A hash by which the analysis is found in the cache; empty when there is none.</summary>
    public string CacheKey { get; init; } = string.Empty;

    /// <summary>Whether an earlier call answered, so that nobody waited for the model.</summary>
    public bool IsCached { get; init; }
}

public enum ModelResultStatus
{
    Answered,

    /// <summary>The model, or its content filter, declined to analyze the text.</summary>
    Refused,

    /// <summary>The response did not follow the schema, after a second try too.</summary>
    Malformed,

    /// <summary>There is no usable response to this text, although the model answers others.</summary>
    Unanswerable,
}

public enum Urgency
{
    Low,
    Medium,
    High,
    Critical,
}
