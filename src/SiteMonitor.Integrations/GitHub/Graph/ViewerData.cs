namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ViewerData(ActorNode? Viewer);
