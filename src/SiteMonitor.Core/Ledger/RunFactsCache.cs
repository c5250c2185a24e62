namespace SiteMonitor.Core.Ledger;

/// <summary>
/// Keeps the facts of the newest records in memory, ordered by start, up to its capacity. Facts never change, so cached ones stay right.
/// The caller adds every new record, each exactly once.
/// </summary>
/// <param name="capacity">Maximum number of records. It is exceeded by an eighth before the oldest are dropped.</param>
public sealed class RunFactsCache(int capacity)
{
    /// <summary>Enough for 120,000 records of 90 days and a third more; about 50 MB.</summary>
    public const int DefaultCapacity = 160_000;

    private readonly Lock _gate = new();
    private readonly SharedTexts _texts = new();
    private readonly List<RunFacts> _late = [];
    private RunFacts[] _facts = [];
    private int _count;

    /// <summary>The cache holds every record that started at or after this, and no other.</summary>
    public DateTimeOffset Floor { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Whether records were dropped because the capacity was reached.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The number of older records there is room for.</summary>
    public int Free
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(0, capacity - _count - _late.Count);
            }
        }
    }

    public RunFacts Read(BinaryReader reader) => RunFacts.Read(reader, _texts.Share);

    /// <summary>Adds a new record, unless it started before the floor.</summary>
    public void Add(RunFacts facts)
    {
        lock (_gate)
        {
            if (facts.Started < Floor)
            {
                return;
            }

            if (_count > 0 && RunFacts.LedgerOrder.Compare(_facts[_count - 1], facts) > 0)
            {
                _late.Add(facts);
            }
            else
            {
                Append(facts);
            }

            if (_count + _late.Count > capacity + (capacity / 8))
            {
                MergeLate();
                KeepNewest();
            }
        }
    }

    /// <summary>Lets the cache reach further back.</summary>
    /// <param name="from">The new floor.</param>
    /// <param name="older">
    /// The records that started at or after <paramref name="from"/> and before the floor, newest first. If there are more than
    /// <see cref="Free"/>, the newest <see cref="Free"/> + 1 are enough.
    /// </param>
    public void Extend(DateTimeOffset from, IReadOnlyList<RunFacts> older)
    {
        lock (_gate)
        {
            int free = Free;
            if (older.Count > free)
            {
                IsFull = true;
                from = older[free].Started.AddTicks(1);
            }

            Floor = from;
            _late.AddRange(older.Where(f => f.Started >= from));
            MergeLate();
        }
    }

    /// <summary>Returns the records that match, in the query's order; null when the query reaches back further than the cache.</summary>
    public IReadOnlyList<IRunFacts>? Query(LedgerQuery query)
    {
        lock (_gate)
        {
            if (query.From is not { } from || from < Floor)
            {
                return null;
            }

            MergeLate();
            int first = IndexOf(from);
            int last = query.To is { } to ? Math.Max(first, IndexOf(to)) : _count;

            // Later records are added beyond the last index, or to a new array, so this view is stable.
            ArraySegment<IRunFacts> span = new(_facts, first, last - first);
            return query == new LedgerQuery(query.From, query.To)
                ? span
                : [.. (query.NewestFirst ? span.Reverse() : span).Where(query.Matches).Take(query.Limit ?? int.MaxValue)];
        }
    }

    private void Append(RunFacts facts)
    {
        if (_count == _facts.Length)
        {
            Array.Resize(ref _facts, Math.Max(64, _facts.Length * 5 / 4));
        }

        _facts[_count++] = facts;
    }

    /// <summary>Merges the records that arrived late into a new array; those that started before all of them are only copied.</summary>
    private void MergeLate()
    {
        if (_late.Count == 0)
        {
            return;
        }

        _late.Sort(RunFacts.LedgerOrder);
        int kept = IndexOf(_late[0].Started);
        RunFacts[] merged = new RunFacts[_count + _late.Count];
        Array.Copy(_facts, merged, kept);
        for (int i = kept, j = 0; i + j < merged.Length;)
        {
            bool isLate = i == _count || (j < _late.Count && RunFacts.LedgerOrder.Compare(_late[j], _facts[i]) < 0);
            merged[i + j] = isLate ? _late[j++] : _facts[i++];
        }

        (_facts, _count) = (merged, merged.Length);
        _late.Clear();
    }

    private void KeepNewest()
    {
        Floor = _facts[_count - capacity - 1].Started.AddTicks(1);
        RunFacts[] newest = _facts[IndexOf(Floor).._count];
        (_facts, _count, IsFull) = (newest, newest.Length, true);
    }

    /// <summary>Returns the index of the first record that started at or after the time.</summary>
    private int IndexOf(DateTimeOffset at)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = _facts[middle].Started < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>Keeps one instance of each text that many records have in common: phases, reasons, specialists.</summary>
public sealed class SharedTexts
{
    /// <summary>Maximum number of texts. Beyond it they are not as common as expected, and the set is cleared.</summary>
    private const int MaxTexts = 5000;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public string Share(string text)
    {
        if (text.Length == 0)
        {
            return string.Empty;
        }

        lock (_gate)
        {
            if (_texts.TryGetValue(text, out string? known))
            {
                return known;
            }

            if (_texts.Count >= MaxTexts)
            {
                _texts.Clear();
            }

            _texts.Add(text);
            return text;
        }
    }
}
