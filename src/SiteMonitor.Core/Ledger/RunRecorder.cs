namespace SiteMonitor.Core.Ledger;

/// <summary>Appends records to the ledger and counts each new one in the exported metrics.</summary>
public sealed class RunRecorder(IRunLedger ledger, SiteMonitorMetrics metrics)
{
    public async Task AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (await ledger.AppendAsync(record, cancellationToken))
        {
            metrics.Record(record);
        }
    }
}
