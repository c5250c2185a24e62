using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>How an instance continues as new.</summary>
/// <param name="Version">Null keeps the version.</param>
/// <param name="Carried">External events nobody had waited for, in their order.</param>
internal sealed record Renewal(string? Input, string? Version, IReadOnlyList<HistoryEvent> Carried);
