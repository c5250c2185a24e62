using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.Storage;

/// <summary>
/// Stores the run ledger in append blobs, one per UTC day. A record is written once, even if activities rerun. The facts of many days are
/// kept in memory, those of past days also in a blob each; the records themselves only of the days read last.
/// </summary>
internal sealed class BlobRunLedger : IRunLedger, IDisposable
{
    private const string Folder = "runs";

    /// <summary>Number of records kept in memory: a few busy days, because queries ask for the newest ones or for one issue.</summary>
    private const int RecordsKept = 5000;

    private readonly SharedTexts _texts = new();
    private readonly DailyBlobs<RunRecord> _records;
    private readonly DailyBlobs<IRunFacts> _facts;

    public BlobRunLedger(LedgerContainer container, ILogger<BlobRunLedger> logger, int factsKept = RunFactsCache.DefaultCapacity)
    {
        _records = new(container, Folder, LedgerJson.Read, record => record.RunId, RunFacts.LedgerOrder, RecordsKept, logger);
        _facts = new(container, Folder, line => RunFacts.From(LedgerJson.Read(line), _texts.Share), idOf: null,
            RunFacts.LedgerOrder, factsKept, logger, day => new FactsBlob(container, day, _texts, logger));
    }

    public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken) =>
        _records.AppendAsync(record.Started, record.RunId, LedgerJson.Write(record), cancellationToken);

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredDay> days = await _records.ListAsync(query.From, query.To, cancellationToken);
        if (query.Issue is not null || query.RunId is not null)
        {
            IReadOnlyList<IRunFacts> facts = await ReadFactsAsync(days, query, cancellationToken);
            HashSet<DateOnly> found = [.. facts.Select(f => DateOnly.FromDateTime(f.Started.UtcDateTime))];
            days = [.. days.Where(day => found.Contains(day.Day))];
        }

        int left = query.Limit ?? int.MaxValue;
        foreach (StoredDay day in query.NewestFirst ? days.Reverse() : days)
        {
            IReadOnlyList<RunRecord> records = await _records.ReadAsync(day, cancellationToken);
            foreach (RunRecord record in (query.NewestFirst ? records.Reverse() : records).Where(query.Matches))
            {
                if (left-- <= 0)
                {
                    yield break;
                }

                yield return record;
            }
        }
    }

    public async Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        await ReadFactsAsync(await _facts.ListAsync(query.From, query.To, cancellationToken), query, cancellationToken);

    public void Dispose()
    {
        _records.Dispose();
        _facts.Dispose();
    }

    private async Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(
        IReadOnlyList<StoredDay> days, LedgerQuery query, CancellationToken cancellationToken)
    {
        // A query with a start needs all of its days. One without may end after the first few.
        List<IRunFacts> found = [];
        if (query.From is not null)
        {
            await _facts.PreloadAsync(days, cancellationToken);

            // A list that grows to 100,000 references leaves more than twice as much on the large object heap.
            found.EnsureCapacity(query == new LedgerQuery(query.From, query.To) ? days.Sum(_facts.CountInMemory) : 0);
        }

        foreach (StoredDay day in query.NewestFirst ? days.Reverse() : days)
        {
            IReadOnlyList<IRunFacts> facts = await _facts.ReadAsync(day, cancellationToken);
            found.AddRange((query.NewestFirst ? facts.Reverse() : facts).Where(query.Matches));
            if (found.Count >= query.Limit)
            {
                return found[..query.Limit.Value];
            }
        }

        return found;
    }
}
