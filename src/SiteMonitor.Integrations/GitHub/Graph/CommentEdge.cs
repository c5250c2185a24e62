namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record CommentEdge(CommentNode? Node);
