namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>What a restart finds.</summary>
internal sealed record LoadedState(
    IReadOnlyList<SimulatedRepository> Repositories,
    IReadOnlyList<SimulatedIssue> Issues,
    IReadOnlyList<WriteEntry> Writes,
    IReadOnlyList<WebhookDelivery> Deliveries);
