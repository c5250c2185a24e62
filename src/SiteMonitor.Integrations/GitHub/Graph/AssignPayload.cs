namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record AssignPayload(IssueNode? Assignable);
