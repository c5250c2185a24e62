namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record IssueRepository(string NameWithOwner);
