using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Ledger;

/// <summary>Keeps the runs of this host within the plan's limits.</summary>
/// <remarks>
/// Counts what the ledger recorded in the last 24 hours, read again at most once a minute, and the runs that were admitted here and
/// are still under way. Several hosts see each other's runs through the ledger only, so together they may exceed a limit by what they
/// admit within a minute.
/// </remarks>
public sealed class UsageLimiter(IRunLedger ledger, TimeProvider time) : IDisposable
{
    /// <summary>The login under which GitHub's pages show issues of deleted accounts.</summary>
    private const string DeletedAccount = "ghost";

    private const int KeyDigits = 16;
    private const decimal MinimumEstimate = 0.01m;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, UsageEntry> _underWay = [];
    private readonly AuthorConcurrencyLimiter _turns = new();
    private UsageEntry[] _recorded = [];
    private HashSet<string> _runIds = [];
    private DateTimeOffset? _readAt;

    /// <summary>Admits a run and counts it as under way, or returns why its issue is deferred.</summary>
    /// <returns>Null when the run may go on. A run that is admitted already stays admitted.</returns>
    public async Task<UsageDeferral?> TryAdmitAsync(UsageLimits limits, UsageRequest request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            await ReadLedgerAsync(now, cancellationToken);
            if (_underWay.ContainsKey(request.RunId) || _runIds.Contains(request.RunId))
            {
                return null;
            }

            string authorKey = GetAuthorKey(request.Author);
            UsageDeferral? deferral = new UsageWindow([.. _recorded, .. _underWay.Values], now)
                .Check(limits, request.Issue, IsFree(limits, request) ? string.Empty : authorKey);
            if (deferral is null)
            {
                _underWay[request.RunId] = new UsageEntry(request.Issue, authorKey, now, CopilotSessions: 1, Estimate());
            }

            return deferral;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns the deferred runs that the limits admit now, if they start in this order.</summary>
    /// <param name="deferred">In the order in which they are to start.</param>
    public async Task<IReadOnlyList<RunRecord>> SelectAdmissibleAsync(
        UsageLimits limits, IEnumerable<RunRecord> deferred, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            await ReadLedgerAsync(now, cancellationToken);
            List<UsageEntry> entries = [.. _recorded, .. _underWay.Values];
            HashSet<string> fullAuthors = [];
            List<RunRecord> fitting = [];
            foreach (RunRecord record in deferred)
            {
                // The ledger does not tell which authors are trusted: the limit for authors applies to runs that it deferred before.
                string authorKey = record.ReasonCode == UsageDeferral.AuthorCode ? record.AuthorKey : string.Empty;
                if (fullAuthors.Contains(authorKey))
                {
                    continue;
                }

                UsageDeferral? deferral = new UsageWindow(entries, now).Check(limits, record.Issue, authorKey);
                if (deferral is null)
                {
                    fitting.Add(record);
                    entries.Add(new UsageEntry(record.Issue, record.AuthorKey, now, CopilotSessions: 1, Estimate()));
                }
                else if (deferral.Code != UsageDeferral.AuthorCode)
                {
                    break;
                }
                else
                {
                    fullAuthors.Add(authorKey);
                }
            }

            return fitting;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets an admitted run begin, unless too many runs of its author are under way.</summary>
    /// <returns>Null when the run may begin; otherwise when the caller should try again.</returns>
    public async Task<DateTimeOffset?> TryBeginAsync(UsageLimits limits, UsageRequest request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            int? most = request.IsUrgent || IsFree(limits, request) ? null : limits.RunsPerAuthorAtOnce;
            return _turns.TryTake(request.RunId, GetAuthorKey(request.Author), most, time.GetUtcNow());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Marks a run as ended; from then on its ledger record counts.</summary>
    public async Task CompleteAsync(RunRecord record, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _turns.Release(record.RunId);
            if (_underWay.Remove(record.RunId) && _runIds.Add(record.RunId) && ToEntry(record) is { } entry)
            {
                _recorded = [.. _recorded, entry];
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Returns the hash that identifies an author in the ledger. GitHub shows no author for deleted accounts: they count as one.
    /// </summary>
    public static string GetAuthorKey(string login)
    {
        string author = login.Length == 0 ? DeletedAccount : login.ToLowerInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"author\n{author}")))[..KeyDigits];
    }

    public void Dispose() => _gate.Dispose();

    private async Task ReadLedgerAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_readAt is { } last && (now - last).Duration() < ReadEvery)
        {
            return;
        }

        List<UsageEntry> entries = [];
        HashSet<string> runIds = [];
        await foreach (RunRecord record in ledger.QueryAsync(new LedgerQuery(From: now.AddDays(-1)), cancellationToken))
        {
            runIds.Add(record.RunId);
            _underWay.Remove(record.RunId);
            _turns.Release(record.RunId);
            if (ToEntry(record) is { } entry)
            {
                entries.Add(entry);
            }
        }

        // A run whose record never arrives must not count forever.
        foreach (string lost in _underWay.Where(run => run.Value.At <= now.AddDays(-1)).Select(run => run.Key).ToArray())
        {
            _underWay.Remove(lost);
            _turns.Release(lost);
        }

        (_recorded, _runIds, _readAt) = ([.. entries], runIds, now);
    }

    private static bool IsFree(UsageLimits limits, UsageRequest request) => request.IsTrusted || limits.IsTrusted(request.Author);

    private decimal Estimate()
    {
        decimal[] paid = [.. _recorded.Where(e => e.Dollars > 0).Select(e => e.Dollars)];
        return paid.Length == 0 ? MinimumEstimate : Math.Max(MinimumEstimate, paid.Average());
    }

    private static UsageEntry? ToEntry(RunRecord record) => record.Kind switch
    {
        RunKind.Run when record.Outcome != RunOutcome.Skipped => new UsageEntry(
            record.Issue, record.AuthorKey, record.Started, record.Usage.CopilotSessions, record.Usage.Dollars),
        RunKind.Comparison => new UsageEntry(record.Issue, string.Empty, record.Started, 0, record.Usage.Dollars),
        _ => null,
    };
}

/// <summary>A run that asks to be admitted.</summary>
/// <param name="RunId">The run's id, which its ledger record will have.</param>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="Author">The login of the issue's author; empty when the account was deleted.</param>
/// <param name="IsTrusted">Whether the limits for authors do not apply: a single start by hand, or an issue of our own identities.</param>
public sealed record UsageRequest(string RunId, string Issue, string Author, bool IsTrusted)
{
    /// <summary>Whether the issue goes before others.</summary>
    public bool IsUrgent { get; init; }
}
