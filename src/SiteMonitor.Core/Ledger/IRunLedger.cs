namespace SiteMonitor.Core.Ledger;

/// <summary>The run ledger: append only.</summary>
public interface IRunLedger
{
    /// <summary>Writes the record unless one with its run id is there already (activities run at least once).</summary>
    /// <returns>Whether it was written by this call.</returns>
    Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken);

    IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken);
}
