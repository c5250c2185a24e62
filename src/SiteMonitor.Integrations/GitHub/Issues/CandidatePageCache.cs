namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Pages by address, the least recently asked for dropped first.</summary>
internal sealed class CandidatePageCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, CandidatePage Page)> _order = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CandidatePage Page)>> _pages = new(StringComparer.Ordinal);

    public CandidatePage? Find(string key)
    {
        lock (_lock)
        {
            if (!_pages.TryGetValue(key, out LinkedListNode<(string Key, CandidatePage Page)>? node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Page;
        }
    }

    public void Store(string key, CandidatePage page)
    {
        lock (_lock)
        {
            if (_pages.Remove(key, out LinkedListNode<(string Key, CandidatePage Page)>? old))
            {
                _order.Remove(old);
            }

            _pages[key] = _order.AddFirst((key, page));
            if (_pages.Count > capacity)
            {
                _pages.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }
        }
    }
}
