namespace SiteMonitor.Core.Specialists;

/// <summary>A rule of the legacy analysis; its trigger labels also feed the unified score.</summary>
/// <param name="Weight">0 to 1.</param>
/// <param name="Minimum">The confidence from which the rule matches, 0 to 1.</param>
public sealed record SpecialistRule(IReadOnlyList<string> TriggerLabels, IReadOnlyList<string> Keywords, double Weight, double Minimum);
