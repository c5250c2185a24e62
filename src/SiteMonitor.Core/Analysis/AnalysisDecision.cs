using System.Text.Json.Serialization;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Analysis;

/// <summary>
/// The result of the unified analysis. An orchestration's history stores it, and strangers wrote the issue: so what the model wrote about
/// the text is not part of the stored form. <see cref="Scoring.AddTexts"/> adds it again from the cached analysis.
/// </summary>
public sealed record AnalysisDecision
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required AnalysisOutcome Outcome { get; init; }

    /// <summary>
    /// Labels of the specialists to assign, best first; empty unless the outcome is <see cref="AnalysisOutcome.Assign"/>.
    /// </summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>
    /// Labels of the specialists that a person may choose from, best first, for <see cref="AnalysisOutcome.NeedsReview"/>;
    /// empty when the model gave no usable answer.
    /// </summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>
    /// Labels of which any one would change the outcome at the same confidences; for <see cref="AnalysisOutcome.NeedsClarification"/>.
    /// </summary>
    public IReadOnlyList<string> HelpfulLabels { get; init; } = [];

    /// <summary>The scores of all specialists, best first; empty when the model gave no usable answer.</summary>
    public IReadOnlyList<SpecialistScore> Scores { get; init; } = [];

    /// <summary>Stable code: <c>score-reached</c>, or one of <see cref="Issues.WaitCodes"/>.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Explanation as display text.</summary>
    public required string Reason { get; init; }

    /// <summary>Where the cache has the model's analysis (see <see cref="ModelResult.CacheKey"/>); empty when there is none.</summary>
    public string CacheKey { get; init; } = string.Empty;

    /// <summary>What the model wrote, sanitized and shortened; empty in a decision that was stored.</summary>
    [JsonIgnore]
    public string Summary { get; init; } = string.Empty;

    [JsonIgnore]
    public IReadOnlyList<string> KeyTopics { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> Indicators { get; init; } = [];

    /// <summary>What the model quoted from the text, as it wrote it.</summary>
    [JsonIgnore]
    public NamedEntities? Names { get; init; }

    /// <summary>Whether the model found no topic in the text.</summary>
    public bool LacksSubject { get; init; }

    /// <summary>Whether the model found no technical indicator in the text.</summary>
    public bool LacksIndicators { get; init; }

    public Urgency Urgency { get; init; } = Urgency.Medium;

    /// <summary>The content type that the model found, lower case with hyphens; empty when it gave no usable answer.</summary>
    public string ContentType { get; init; } = string.Empty;
}

public enum AnalysisOutcome
{
    Assign,
    NeedsReview,
    NeedsClarification,
}

/// <summary>The score of a specialist for an issue.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Score">The weighted mean of the terms that apply, 0 to 1, four digits.</param>
/// <param name="Confidence">The model's confidence, 0 to 1.</param>
/// <param name="LabelMatch">
/// Whether one of its trigger labels is on the issue; null when no specialist's is, so that the term does not apply.
/// </param>
/// <param name="SuccessRate">Share of merged work for this content type; null when there is too little of it for the term to apply.</param>
public sealed record SpecialistScore(string Label, double Score, double Confidence, bool? LabelMatch, double? SuccessRate);
