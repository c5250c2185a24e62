namespace SiteMonitor.Core.Analysis;

/// <summary>Answers by content hash; losing one costs a model call, nothing else.</summary>
public interface IAnalysisCache
{
    /// <summary>The stored answer's JSON, or null.</summary>
    Task<string?> FindAsync(string key, CancellationToken cancellationToken);

    Task StoreAsync(string key, string json, CancellationToken cancellationToken);
}
