namespace SiteMonitor.Core.Analysis;

/// <summary>
/// What the unified analysis came to. Small and free of the issue's own text, so it may stand in an orchestration's history;
/// what the model wrote is shortened and neutralised.
/// </summary>
public sealed record AnalysisDecision
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required AnalysisOutcome Outcome { get; init; }

    /// <summary>Labels of the specialists to assign, best first; empty unless the outcome is <see cref="AnalysisOutcome.Assign"/>.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>Labels of the specialists a person may choose from, best first; for <see cref="AnalysisOutcome.NeedsReview"/>. Empty when the model gave no usable answer.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Labels that would help to decide; for <see cref="AnalysisOutcome.NeedsClarification"/>.</summary>
    public IReadOnlyList<string> HelpfulLabels { get; init; } = [];

    /// <summary>All specialists of the catalogue, best first; empty when the model gave no usable answer.</summary>
    public IReadOnlyList<SpecialistScore> Scores { get; init; } = [];

    /// <summary>Stable: <c>score-reached</c>, <c>score-between</c>, <c>score-low</c>, <c>model-refused</c>, <c>model-malformed</c>.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Explanation for people.</summary>
    public required string Reason { get; init; }

    public string Summary { get; init; } = string.Empty;

    public IReadOnlyList<string> KeyTopics { get; init; } = [];

    public IReadOnlyList<string> Indicators { get; init; } = [];

    public Urgency Urgency { get; init; } = Urgency.Medium;

    /// <summary>The model's content type, lower case with hyphens; empty when there is no answer.</summary>
    public string ContentType { get; init; } = string.Empty;
}

public enum AnalysisOutcome
{
    Assign,
    NeedsReview,
    NeedsClarification,
}

/// <summary>How well a specialist fits an issue.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Score">0 to 1, four digits: the weighted mean of the terms that apply.</param>
/// <param name="Confidence">The model's confidence, 0 to 1.</param>
/// <param name="LabelMatch">Whether one of its trigger labels is on the issue; null when the issue bears no trigger label of any specialist, so that the term does not apply.</param>
/// <param name="SuccessRate">Share of merged work for this content type; null when there is too little of it, so that the term does not apply.</param>
public sealed record SpecialistScore(string Label, double Score, double Confidence, bool? LabelMatch, double? SuccessRate);
