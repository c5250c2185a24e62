namespace SiteMonitor.Core.Specialists;

/// <summary>What a deliverable must reach.</summary>
/// <param name="Confidence">0 to 1.</param>
public sealed record QualityBar(double Confidence, int MinimumWords, bool ExecutiveSummary, bool Recommendations, bool Sources);
