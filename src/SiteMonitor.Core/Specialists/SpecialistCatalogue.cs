namespace SiteMonitor.Core.Specialists;

/// <summary>The specialists that an issue can be assigned to.</summary>
public sealed record SpecialistCatalogue(IReadOnlyList<Specialist> Specialists, string Version)
{
    /// <summary>The specialists' labels, in the catalogue's order.</summary>
    public IReadOnlyList<string> Labels => [.. Specialists.Select(s => s.Label)];

    /// <summary>Returns the specialist with a label, or null.</summary>
    public Specialist? Find(string label) => Specialists.FirstOrDefault(s => s.Label.Equals(label, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The document that a specialist writes.</summary>
/// <param name="Title">Its kind, for example <c>Intelligence assessment</c>.</param>
/// <param name="PathPattern">Its path, with <c>&lt;slug&gt;</c> for the issue: <c>docs/osint/&lt;slug&gt;-osint-profile.md</c>.</param>
/// <param name="TemplatePath">Path of its template in the target repository.</param>
/// <param name="Sections">The sections of the analysis framework, in order.</param>
/// <param name="Requirements">Requirements on the content.</param>
public sealed record Deliverable(
    string Title, string PathPattern, string TemplatePath, IReadOnlyList<string> Sections, IReadOnlyList<string> Requirements);

/// <summary>The quality that a deliverable must have.</summary>
/// <param name="Confidence">Minimum confidence in the findings, 0 to 1.</param>
/// <param name="MinimumWords">Minimum number of words.</param>
/// <param name="ExecutiveSummary">Whether it needs an executive summary.</param>
/// <param name="Recommendations">Whether it needs recommendations.</param>
/// <param name="Sources">Whether it needs sources.</param>
public sealed record QualityBar(double Confidence, int MinimumWords, bool ExecutiveSummary, bool Recommendations, bool Sources);

/// <summary>An entry of the catalogue.</summary>
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

/// <summary>A rule of the legacy analysis, whose trigger labels also count in the unified score.</summary>
/// <param name="TriggerLabels">Labels that count in favor of the specialist.</param>
/// <param name="Keywords">Words and phrases that count in favor of the specialist.</param>
/// <param name="Weight">Factor of the confidence, 0 to 1.</param>
/// <param name="Minimum">Minimum confidence at which the rule matches, 0 to 1.</param>
public sealed record SpecialistRule(IReadOnlyList<string> TriggerLabels, IReadOnlyList<string> Keywords, double Weight, double Minimum);
