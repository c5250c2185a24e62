namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Labels that the rollout selects issues by.</summary>
internal sealed record RolloutLabels(IReadOnlyList<string> Names);
