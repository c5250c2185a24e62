namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>The pull request of a delivery.</summary>
public sealed record WebhookPullRequest(int Number, bool Merged);
