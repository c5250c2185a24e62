namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>One page of a connection.</summary>
internal sealed record ConnectionPage(IReadOnlyList<ConnectionEdge> Edges, int TotalCount, bool HasNextPage, bool HasPreviousPage);
