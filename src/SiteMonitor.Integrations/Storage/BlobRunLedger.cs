using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores the run ledger in append blobs, one per UTC day. A record is written once, even if activities rerun.</summary>
internal sealed class BlobRunLedger(LedgerContainer container, ILogger<BlobRunLedger> logger) : IRunLedger, IDisposable
{
    private readonly DailyBlobs<RunRecord> _days = new(container, "runs", LedgerJson.Read, record => record.RunId, logger);

    public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken) =>
        _days.AppendAsync(record.Started, record.RunId, LedgerJson.Write(record), cancellationToken);

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<DateOnly> days = await _days.ListAsync(query.From, query.To, cancellationToken);
        int left = query.Limit ?? int.MaxValue;
        foreach (DateOnly day in query.NewestFirst ? days.Reverse() : days)
        {
            IEnumerable<RunRecord> found = (await _days.ReadAsync(day, cancellationToken)).Where(r => Matches(query, r))
                .OrderBy(r => r.Started).ThenBy(r => r.RunId, StringComparer.Ordinal);
            foreach (RunRecord record in query.NewestFirst ? found.Reverse() : found)
            {
                if (left-- <= 0)
                {
                    yield break;
                }

                yield return record;
            }
        }
    }

    public void Dispose() => _days.Dispose();

    private static bool Matches(LedgerQuery query, RunRecord record) =>
        (query.From is not { } from || record.Started >= from)
        && (query.To is not { } to || record.Started < to)
        && (query.Phase is null || record.Phase == query.Phase)
        && (query.Issue is null || record.Issue == query.Issue)
        && (query.Kind is null || record.Kind == query.Kind)
        && (query.RunId is null || record.RunId == query.RunId);
}
