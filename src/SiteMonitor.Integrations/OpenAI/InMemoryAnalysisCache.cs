using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Keeps the answers asked for last, as many as <see cref="AzureOpenAIOptions.CacheEntries"/> says; they end with the process.</summary>
internal sealed class InMemoryAnalysisCache(IOptions<AzureOpenAIOptions> options) : IAnalysisCache
{
    private readonly int _capacity = options.Value.CacheEntries;
    private readonly Lock _lock = new();
    private readonly LinkedList<KeyValuePair<string, string>> _order = new();
    private readonly Dictionary<string, LinkedListNode<KeyValuePair<string, string>>> _entries = new(StringComparer.Ordinal);

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out LinkedListNode<KeyValuePair<string, string>>? node))
            {
                return Task.FromResult<string?>(null);
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return Task.FromResult<string?>(node.Value.Value);
        }
    }

    public Task StoreAsync(string key, string json, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.Remove(key, out LinkedListNode<KeyValuePair<string, string>>? old))
            {
                _order.Remove(old);
            }

            _entries[key] = _order.AddFirst(KeyValuePair.Create(key, json));
            if (_entries.Count > _capacity)
            {
                _entries.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }
        }

        return Task.CompletedTask;
    }
}
