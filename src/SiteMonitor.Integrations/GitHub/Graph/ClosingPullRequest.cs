namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ClosingPullRequest(NodeList<ClosingIssue>? ClosingIssuesReferences);
