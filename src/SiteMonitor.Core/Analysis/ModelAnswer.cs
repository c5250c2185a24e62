namespace SiteMonitor.Core.Analysis;

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
