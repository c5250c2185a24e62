namespace SiteMonitor.Core.Ledger;

/// <summary>The run ledger: append only.</summary>
public interface IRunLedger
{
    /// <summary>Writes the record unless one with its run id is there already (activities run at least once).</summary>
    /// <returns>Whether it was written by this call.</returns>
    Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken);

    IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken);
}

/// <summary>Which records; each condition that is set narrows. Answers come by start, oldest first unless <paramref name="NewestFirst"/>.</summary>
/// <param name="From">Started at or after (UTC).</param>
/// <param name="To">Started before (UTC).</param>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
public sealed record LedgerQuery(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Phase = null,
    string? Issue = null,
    RunKind? Kind = null,
    int? Limit = null,
    bool NewestFirst = false,
    string? RunId = null);
