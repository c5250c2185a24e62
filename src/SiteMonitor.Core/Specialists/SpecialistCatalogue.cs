namespace SiteMonitor.Core.Specialists;

/// <summary>The specialists an issue can go to: data, validated at start-up.</summary>
public sealed record SpecialistCatalogue(IReadOnlyList<Specialist> Specialists, string Version)
{
    /// <summary>The specialists' labels, in the catalogue's order.</summary>
    public IReadOnlyList<string> Labels => [.. Specialists.Select(s => s.Label)];

    /// <summary>Returns the specialist with a label, or null.</summary>
    public Specialist? Find(string label) => Specialists.FirstOrDefault(s => s.Label.Equals(label, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What the specialist hands in.</summary>
/// <param name="PathPattern">Where, with <c>&lt;slug&gt;</c> for the title: <c>docs/osint/&lt;slug&gt;-osint-profile.md</c>.</param>
/// <param name="TemplatePath">The template to start from, in the target repository.</param>
/// <param name="Sections">The analysis framework, in order.</param>
/// <param name="Requirements">What the content must have.</param>
public sealed record Deliverable(string Title, string PathPattern, string TemplatePath, IReadOnlyList<string> Sections, IReadOnlyList<string> Requirements);

/// <summary>What a deliverable must reach.</summary>
/// <param name="Confidence">0 to 1.</param>
public sealed record QualityBar(double Confidence, int MinimumWords, bool ExecutiveSummary, bool Recommendations, bool Sources);

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

/// <summary>A rule of the legacy analysis; its trigger labels also feed the unified score.</summary>
/// <param name="Weight">0 to 1.</param>
/// <param name="Minimum">The confidence from which the rule matches, 0 to 1.</param>
public sealed record SpecialistRule(IReadOnlyList<string> TriggerLabels, IReadOnlyList<string> Keywords, double Weight, double Minimum);
