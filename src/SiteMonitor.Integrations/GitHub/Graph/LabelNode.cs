namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record LabelNode(string Id, string Name);
