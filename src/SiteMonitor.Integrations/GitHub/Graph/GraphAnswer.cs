namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record GraphResponse<T>(T? Data, IReadOnlyList<GraphError>? Errors)
    where T : class
{
    public bool HasErrors => Errors is { Count: > 0 };
}
