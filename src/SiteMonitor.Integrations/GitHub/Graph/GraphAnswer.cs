namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record GraphAnswer<T>(T? Data, IReadOnlyList<GraphError>? Errors)
    where T : class
{
    public bool HasErrors => Errors is { Count: > 0 };
}
