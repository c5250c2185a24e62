namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>A pull request that is linked to close an issue.</summary>
internal sealed record ClosingPullNode(bool Merged);
