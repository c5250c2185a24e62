namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record FindCopilotData(SuggestingRepository? Repository);
