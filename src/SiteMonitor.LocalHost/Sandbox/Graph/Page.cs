namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>One page of a connection.</summary>
internal sealed record Page(IReadOnlyList<PageEdge> Edges, int TotalCount, bool HasNextPage, bool HasPreviousPage);
