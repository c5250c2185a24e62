namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>What a restart finds.</summary>
internal sealed record StoredState(
    IReadOnlyList<SimulatedRepository> Repositories,
    IReadOnlyList<SimulatedIssue> Issues,
    IReadOnlyList<WriteEntry> Writes,
    IReadOnlyList<Delivery> Deliveries);
