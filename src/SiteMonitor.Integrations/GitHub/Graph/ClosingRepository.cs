namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ClosingRepository(ClosingPullRequest? PullRequest);
