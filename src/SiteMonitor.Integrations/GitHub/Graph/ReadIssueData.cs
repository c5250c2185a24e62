namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ReadIssueData(ActorNode? Viewer, RepositoryNode? Repository);
