namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>Everything one write changes, stored in one transaction.</summary>
internal sealed record StateChange
{
    public IReadOnlyList<SimulatedRepository> Repositories { get; init; } = [];

    public IReadOnlyList<SimulatedIssue> Issues { get; init; } = [];

    public IReadOnlyList<WriteEntry> Writes { get; init; } = [];

    public IReadOnlyList<(WebhookDelivery Delivery, byte[] Payload)> Deliveries { get; init; } = [];
}
