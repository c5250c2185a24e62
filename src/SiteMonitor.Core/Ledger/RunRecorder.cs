namespace SiteMonitor.Core.Ledger;

/// <summary>Receives each new ledger record.</summary>
public interface IRunRecordObserver
{
    /// <summary>Must not throw: the record has already been written.</summary>
    Task OnRecordedAsync(RunRecord record, CancellationToken cancellationToken);
}

/// <summary>Appends records to the ledger, counts each new one in the exported metrics and notifies the observers.</summary>
public sealed class RunRecorder(IRunLedger ledger, SiteMonitorMetrics metrics, IEnumerable<IRunRecordObserver> observers)
{
    public async Task AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (await ledger.AppendAsync(record, cancellationToken))
        {
            metrics.Record(record);
            foreach (IRunRecordObserver observer in observers)
            {
                await observer.OnRecordedAsync(record, cancellationToken);
            }
        }
    }
}
