namespace SiteMonitor.Core.Analysis;

/// <summary>Reads the success history, normally from the run ledger (<see cref="LedgerSuccessHistory"/>).</summary>
public interface ISuccessHistory
{
    Task<SuccessHistory> ReadAsync(CancellationToken cancellationToken);
}
