using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>An instance as start-up finds it.</summary>
internal sealed record StoredInstance(InstanceRecord Record, IReadOnlyList<HistoryEvent> History, int Turns);
