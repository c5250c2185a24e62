namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record ClosingIssuesData(ClosingRepository? Repository);
