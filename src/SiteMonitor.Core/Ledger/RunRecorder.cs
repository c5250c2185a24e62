namespace SiteMonitor.Core.Ledger;

/// <summary>Writes records to the ledger and, once for each that is new there, to the exported metrics: so the two never disagree.</summary>
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
