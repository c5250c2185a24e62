using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Integrations.Caching;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>
/// Keeps the most recently used answers of the model, as many as <see cref="AzureOpenAIOptions.CacheEntries"/>, until the process ends.
/// </summary>
internal sealed class InMemoryAnalysisCache(IOptions<AzureOpenAIOptions> options) : IAnalysisCache, IDisposable
{
    private readonly BoundedCache<string> _cache = new(options.Value.CacheEntries);

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_cache.Find(key));

    public Task StoreAsync(string key, string json, CancellationToken cancellationToken)
    {
        _cache.Store(key, json);
        return Task.CompletedTask;
    }

    public void Dispose() => _cache.Dispose();
}
