using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Integrations.Caching;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Caches the most recently used model responses in memory, up to <see cref="AzureOpenAIOptions.CacheEntries"/>.</summary>
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
