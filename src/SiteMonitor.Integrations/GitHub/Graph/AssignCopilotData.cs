namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record AssignCopilotData(AssignPayload? AddAssigneesToAssignable);
