namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ClosingIssue(int Number, IssueRepository? Repository);
