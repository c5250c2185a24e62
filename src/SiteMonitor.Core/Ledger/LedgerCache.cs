namespace SiteMonitor.Core.Ledger;

/// <summary>
/// Keeps decoded ledger records in memory, ordered by start. A record is never changed, so what was read once stays right;
/// whoever fills the cache makes sure that nothing is missing.
/// </summary>
public sealed class LedgerCache
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    // Values that many records share: without this, 100,000 records take twice the memory.
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly List<RunRecord> _late = [];
    private RunRecord[] _records = [];
    private int _count;

    /// <param name="from">The cache holds every record that started at or after this, and no other.</param>
    public LedgerCache(DateTimeOffset from) => From = from;

    public DateTimeOffset From { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ids.Count;
            }
        }
    }

    public bool Contains(string runId)
    {
        lock (_gate)
        {
            return _ids.Contains(runId);
        }
    }

    /// <summary>Adds the record, unless it started earlier than the cache reaches or is there already.</summary>
    public void Add(RunRecord record)
    {
        lock (_gate)
        {
            if (record.Started < From || !_ids.Add(record.RunId))
            {
                return;
            }

            RunRecord shared = Share(record);
            if (_count > 0 && Compare(_records[_count - 1], shared) > 0)
            {
                _late.Add(shared);
                return;
            }

            Append(shared);
        }
    }

    /// <summary>Returns the records that match, in the query's order. The query must not reach back further than the cache.</summary>
    public IEnumerable<RunRecord> Query(LedgerQuery query)
    {
        (RunRecord[] records, int count) = Snapshot();
        int first = query.From is { } from ? IndexOf(records, count, from) : 0;
        int last = query.To is { } to ? IndexOf(records, count, to) : count;
        int left = query.Limit ?? int.MaxValue;
        for (int i = 0; i < last - first && left > 0; i++)
        {
            RunRecord record = records[query.NewestFirst ? last - 1 - i : first + i];
            if ((query.Phase is null || record.Phase == query.Phase)
                && (query.Issue is null || record.Issue == query.Issue)
                && (query.Kind is null || record.Kind == query.Kind)
                && (query.RunId is null || record.RunId == query.RunId))
            {
                left--;
                yield return record;
            }
        }
    }

    /// <summary>Returns a stable view: later records are added beyond its count, or to a new array.</summary>
    private (RunRecord[] Records, int Count) Snapshot()
    {
        lock (_gate)
        {
            if (_late.Count > 0)
            {
                RunRecord[] merged = [.. _records.Take(_count).Concat(_late).Order(Comparer<RunRecord>.Create(Compare))];
                (_records, _count) = (merged, merged.Length);
                _late.Clear();
            }

            return (_records, _count);
        }
    }

    private void Append(RunRecord record)
    {
        if (_count == _records.Length)
        {
            Array.Resize(ref _records, Math.Max(64, _records.Length * 3 / 2));
        }

        _records[_count++] = record;
    }

    private RunRecord Share(RunRecord record) => record with
    {
        Issue = Share(record.Issue),
        Trigger = Share(record.Trigger),
        RequestedStage = Share(record.RequestedStage),
        RouteReason = Share(record.RouteReason),
        FlagsRevision = Share(record.FlagsRevision),
        Phase = Share(record.Phase),
        ReasonCode = Share(record.ReasonCode),
        Reason = Share(record.Reason),
        ContentType = Share(record.ContentType),
        Specialists = [.. record.Specialists.Select(Share)],
        LabelsBefore = Share(record.LabelsBefore),
        LabelsAdded = Share(record.LabelsAdded),
        LabelsRemoved = Share(record.LabelsRemoved),
        LabelsAfter = Share(record.LabelsAfter),
    };

    private string[]? Share(IReadOnlyList<string>? labels) => labels is null ? null : [.. labels.Select(Share)];

    private string Share(string text)
    {
        if (_shared.TryGetValue(text, out string? known))
        {
            return known;
        }

        _shared.Add(text, text);
        return text;
    }

    /// <summary>The first record that started at or after the time.</summary>
    private static int IndexOf(RunRecord[] records, int count, DateTimeOffset at)
    {
        int low = 0, high = count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = records[middle].Started < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int Compare(RunRecord left, RunRecord right)
    {
        int byStart = left.Started.CompareTo(right.Started);
        return byStart != 0 ? byStart : string.CompareOrdinal(left.RunId, right.RunId);
    }
}
