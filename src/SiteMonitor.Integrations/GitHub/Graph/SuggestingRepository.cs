namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record SuggestingRepository(NodeList<ActorNode>? SuggestedActors);
