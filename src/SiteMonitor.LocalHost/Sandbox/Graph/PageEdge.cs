namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <param name="Node">A source object, resolved by its type.</param>
internal sealed record PageEdge(string Cursor, object Node);
