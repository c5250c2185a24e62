using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>The ledger, telling the feed of each record.</summary>
internal sealed class ObservedRunLedger(IRunLedger inner, RunFeed feed) : IRunLedger
{
    public async Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        bool isNew = await inner.AppendAsync(record, cancellationToken);
        feed.OnRecorded(record);
        return isNew;
    }

    public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);
}
