namespace SiteMonitor.Core.Ledger;

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
    bool NewestFirst = false);
