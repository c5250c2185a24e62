namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <param name="Node">A source object, resolved by its type.</param>
internal sealed record ConnectionEdge(string Cursor, object Node);
