namespace SiteMonitor.Core.Ledger;

/// <summary>Stores ledger records; append only.</summary>
public interface IRunLedger
{
    /// <summary>Appends a record unless one with its run id exists (activities run at least once).</summary>
    /// <returns>Whether this call appended it.</returns>
    Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken);

    IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the facts of the records that <see cref="QueryAsync"/> returns. A store that keeps facts beside the records is fast over
    /// long spans too.
    /// </summary>
    async Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        await QueryAsync(query, cancellationToken).ToListAsync(cancellationToken);
}

/// <summary>Selects ledger records that meet every condition that is set.</summary>
/// <param name="From">Started at or after (UTC).</param>
/// <param name="To">Only runs started before this time (UTC).</param>
/// <param name="Phase">Recorded in this rollout phase.</param>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="Kind">The kind of the records.</param>
/// <param name="Limit">Maximum number of records.</param>
/// <param name="NewestFirst">Whether to order by start descending, instead of ascending.</param>
/// <param name="RunId">The id of the record.</param>
public sealed record LedgerQuery(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Phase = null,
    string? Issue = null,
    RunKind? Kind = null,
    int? Limit = null,
    bool NewestFirst = false,
    string? RunId = null)
{
    /// <summary>A run may wait for rate limits up to six hours, so it may have started this long before it ended.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromHours(8);

    /// <summary>Returns whether a record meets the conditions; limit and order aside.</summary>
    public bool Matches(IRunFacts record) =>
        (From is not { } from || record.Started >= from)
        && (To is not { } to || record.Started < to)
        && (Phase is null || record.Phase == Phase)
        && (Issue is null || record.Issue == Issue)
        && (Kind is null || record.Kind == Kind)
        && (RunId is null || record.RunId == RunId);
}
