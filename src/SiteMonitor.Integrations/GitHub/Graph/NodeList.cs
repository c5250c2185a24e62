namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>A connection's nodes; GitHub may answer null for the list and for any entry.</summary>
internal sealed record NodeList<T>(IReadOnlyList<T?>? Nodes)
    where T : class
{
    public IEnumerable<T> Items => Nodes?.OfType<T>() ?? [];
}
