using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>The ledger, telling the feed of each record.</summary>
internal sealed class WatchedLedger(IRunLedger inner, RunFeed feed) : IRunLedger
{
    public async Task AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        await inner.AppendAsync(record, cancellationToken);
        feed.Recorded(record);
    }

    public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);
}
