using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace SiteMonitor.Integrations.Caching;

/// <summary>Keeps values in memory, as many as its capacity; the least recently used ones make room for new ones.</summary>
internal sealed class BoundedCache<T>(int capacity) : IDisposable
    where T : class
{
    private const double CompactionShare = 0.1;
    private readonly MemoryCache _cache = new(Options.Create(new MemoryCacheOptions()));

    public T? Find(string key) => _cache.Get<T>(key);

    public void Store(string key, T value)
    {
        if (_cache.Count >= capacity && !_cache.TryGetValue(key, out _))
        {
            _cache.Compact(Math.Max(CompactionShare, 1.0 / capacity));
        }

        _cache.Set(key, value);
    }

    public void Dispose() => _cache.Dispose();
}
