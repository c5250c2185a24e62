namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record LabelsData(ActorNode? Viewer, RepositoryNode? Repository);
