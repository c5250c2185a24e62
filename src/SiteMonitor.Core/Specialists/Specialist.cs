namespace SiteMonitor.Core.Specialists;

/// <summary>One entry of the catalogue.</summary>
public sealed record Specialist
{
    /// <summary>The label that assigns an issue to it, for example <c>osint-researcher</c>.</summary>
    public required string Label { get; init; }

    public required string Name { get; init; }

    /// <summary>One sentence for the model and for people.</summary>
    public required string Description { get; init; }

    public required IReadOnlyList<SpecialistRule> Rules { get; init; }

    public required Deliverable Deliverable { get; init; }

    public required QualityBar Quality { get; init; }
}
