using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Reserves slots for the writes of this process in the record that all processes of the credential share, a few at a time while writes
/// queue. A limit that GitHub reports to one of them holds for all. Without the store it gives out this process's fraction of the limits.
/// </summary>
internal sealed partial class WriteReservations : IDisposable
{
    /// <summary>A process that was not seen for so long no longer counts.</summary>
    public static readonly TimeSpan ProcessLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How old this process's copy of the record may get while it sends requests.</summary>
    public static readonly TimeSpan RefreshAge = TimeSpan.FromSeconds(10);

    /// <summary>How long the store is left alone after it failed.</summary>
    public static readonly TimeSpan StoreRetryInterval = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A process that is killed loses at most so many slots, and others wait for them at most so many intervals.
    /// </summary>
    public const int MaxSlots = 5;

    /// <summary>Wait after the store is back, so that the other processes can save the slots that they used meanwhile.</summary>
    private static readonly TimeSpan RecordingTime = 2 * StoreRetryInterval;

    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StorePrecision = TimeSpan.FromSeconds(1);

    /// <summary>A slot is lost when its write begins later than this.</summary>
    private static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(2);

    private const int MaxAttempts = 10;

    private readonly string _credential;
    private readonly IWriteBudgetStore _store;
    private readonly PacingRules _rules;
    private readonly int _maxInstances;
    private readonly RateLimitGate _gate;
    private readonly TimeProvider _time;
    private readonly MonotonicClock _clock;
    private readonly PacingHealth _health;
    private readonly ILogger _logger;
    private readonly string _process = Guid.NewGuid().ToString("n")[..12];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<long> _reserved = new();

    /// <summary>Starts of slots used while the store was away, which its record lacks.</summary>
    private readonly List<long> _unrecorded = [];

    /// <summary>Limits seen here that the store's record may lack.</summary>
    private readonly Dictionary<string, long> _holds = new(StringComparer.OrdinalIgnoreCase);

    private WriteBudget _budget = WriteBudget.Empty;
    private string? _version;
    private TimeSpan? _offset;
    private DateTimeOffset _syncedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _shareAgainAt = DateTimeOffset.MinValue;
    private bool _isAway;

    /// <summary>What this process assumes the record to be while it works alone; null while it shares.</summary>
    private WriteBudget? _alone;
    private int _isSynchronizing;
    private volatile int _processes;

    public WriteReservations(
        string credential, GitHubOptions options, PacingRules rules, RateLimitGate gate, PacingSharing sharing, MonotonicClock clock)
    {
        (_credential, _store, _health, _time, _logger) =
            (credential, sharing.Store, sharing.Health, sharing.Time, sharing.Logger);
        (_rules, _gate, _clock) = (rules, gate, clock);
        _maxInstances = options.MaxInstances;
        _processes = options.MaxInstances;
        gate.Closed = Hold;
    }

    /// <summary>How many processes use the credential now; the most there can be while that is unknown.</summary>
    public int Processes => _processes;

    /// <summary>Whether the copy of the record is probably outdated: another process may have reserved slots since.</summary>
    private bool IsOutdated => _syncedAt == DateTimeOffset.MinValue || (_processes > 1 && _clock.Now - _syncedAt > _rules.Interval);

    private long StoreNow => (_clock.Now + (_offset ?? TimeSpan.Zero)).ToUnixTimeMilliseconds();

    /// <summary>Takes a reserved slot, or reserves as many as writes wait here.</summary>
    /// <param name="waiting">How many writes wait behind this one.</param>
    /// <param name="horizon">How far ahead a batch may reserve; others may half as far again, so that there is a slot for them.</param>
    /// <returns>When the write may begin, or how long until there is a slot.</returns>
    public async Task<(DateTimeOffset? Begin, TimeSpan Wait)> TakeAsync(
        WritePriority priority, string resource, int waiting, TimeSpan horizon, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (_reserved.TryDequeue(out long start))
            {
                if (start >= StoreNow - (long)MaxLateness.TotalMilliseconds)
                {
                    return (ToLocal(start), TimeSpan.Zero);
                }
            }

            bool isBatch = priority == WritePriority.Batch;
            SlotRequest request = new(
                resource, isBatch, Math.Min(waiting + 1, MaxSlots), (long)(isBatch ? horizon : 1.5 * horizon).TotalMilliseconds);
            if (!_isAway && _clock.Now >= _shareAgainAt)
            {
                _alone = null;
            }

            return (_alone is not null ? null : await TryReserveAsync(request, cancellationToken)) ?? ReserveAlone(request);
        }
        finally
        {
            _turn.Release();
            if (_unrecorded.Count > 0 && !_isAway)
            {
                _ = SynchronizeAsync();
            }
        }
    }

    /// <summary>Brings the copy of the record up to date in the background when it is old: requests do not wait for it.</summary>
    public void RefreshWhenStale()
    {
        if (!_isAway && _clock.Now - _syncedAt >= RefreshAge)
        {
            _ = SynchronizeAsync();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Makes a limit that GitHub reported to this process hold for all.</summary>
    private void Hold(string resource, TimeSpan wait)
    {
        lock (_holds)
        {
            _holds[resource] = Math.Max(StoreNow + (long)wait.TotalMilliseconds, _holds.GetValueOrDefault(resource));
        }

        if (!_isAway)
        {
            _ = SynchronizeAsync();
        }
    }

    private async Task<(DateTimeOffset? Begin, TimeSpan Wait)?> TryReserveAsync(SlotRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> starts = [];
        long first = 0;
        WriteBudget? Reserve(WriteBudget budget)
        {
            long now = StoreNow;
            (WriteBudget changed, starts, first) =
                _rules.Take(budget, request.Resource, request.IsBatch, request.Count, now, now + request.Horizon);
            return starts.Count == 0 ? null : changed;
        }

        // Others can only have taken more: without a slot in the copy there is none, and the store need not be asked.
        UpdateResult result = Reserve(_budget) is null
            ? UpdateResult.Unchanged
            : await UpdateAsync(Reserve, reload: IsOutdated, cancellationToken);
        switch (result)
        {
            case UpdateResult.Saved:
                foreach (long later in starts.Skip(1))
                {
                    _reserved.Enqueue(later);
                }

                return (ToLocal(starts[0]), TimeSpan.Zero);
            case UpdateResult.Away:
                return null;
            default:
                return (null, TimeSpan.FromMilliseconds(Math.Max(first - StoreNow, (long)_rules.Interval.TotalMilliseconds)));
        }
    }

    /// <summary>Takes a slot as if each of the other processes took one too.</summary>
    private (DateTimeOffset? Begin, TimeSpan Wait) ReserveAlone(SlotRequest request)
    {
        long now = StoreNow;
        // The copy may lack slots that others took last: those kept from batches make up for them.
        (WriteBudget changed, IReadOnlyList<long> starts, _) =
            _rules.Take(_alone ?? _budget, request.Resource, isBatch: true, _maxInstances, now, long.MaxValue);
        long latest = now + request.Horizon + (_maxInstances * (long)Math.Ceiling(_rules.Interval.TotalMilliseconds));
        if (starts[^1] > latest)
        {
            return (null, TimeSpan.FromMilliseconds(starts[^1] - latest + 1));
        }

        _alone = changed;
        _unrecorded.Add(starts[0]);
        return (ToLocal(starts[0]), TimeSpan.Zero);
    }

    /// <summary>Retries the store until it answers, even without requests: the other processes need the slots used here.</summary>
    private async Task ReturnAsync()
    {
        try
        {
            CancellationToken stop = _stop.Token;
            while (_isAway)
            {
                await Task.Delay(StoreRetryInterval, _time, stop);
                await SynchronizeAsync();
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The host is stopping.
        }
    }

    private async Task SynchronizeAsync()
    {
        if (Interlocked.Exchange(ref _isSynchronizing, 1) != 0)
        {
            return;
        }

        try
        {
            await _turn.WaitAsync(CancellationToken.None);
            try
            {
                await UpdateAsync(budget => IsNews(budget) ? budget : null, reload: true, _stop.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The host is stopping.
        }
        finally
        {
            Volatile.Write(ref _isSynchronizing, 0);
        }
    }

    /// <summary>Whether the record lacks what this process knows.</summary>
    private bool IsNews(WriteBudget budget)
    {
        lock (_holds)
        {
            return _unrecorded.Count > 0
                || _holds.Any(h => h.Value > budget.HeldUntil.GetValueOrDefault(h.Key))
                || StoreNow - budget.Processes.GetValueOrDefault(_process) > ProcessLifetime.TotalMilliseconds / 2;
        }
    }

    /// <param name="change">Returns the record to save; null to save none.</param>
    private async Task<UpdateResult> UpdateAsync(
        Func<WriteBudget, WriteBudget?> change, bool reload, CancellationToken cancellationToken)
    {
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                if (reload || attempt > 0)
                {
                    await LoadAsync(cancellationToken);
                }

                if (change(_budget) is not { } changed)
                {
                    return UpdateResult.Unchanged;
                }

                WriteBudget complete = Complete(changed);
                string? version = await CallAsync(
                    token => _store.TrySaveAsync(_credential, complete, _version, token), cancellationToken);
                if (version is not null)
                {
                    _unrecorded.Clear();
                    Accept(complete, version);
                    return UpdateResult.Saved;
                }
            }

            return UpdateResult.Contended;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            MarkAway(failure);
            return UpdateResult.Away;
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset sent = _clock.Now;
        StoredBudget stored = await CallAsync(token => _store.ReadAsync(_credential, token), cancellationToken);
        DateTimeOffset received = _clock.Now;

        // The store looked at its clock between the two, and that clock may be cut to seconds.
        TimeSpan least = stored.Now - received;
        TimeSpan most = stored.Now + StorePrecision - sent;
        _offset = _offset is not { } offset || offset < least ? least : offset > most ? most : offset;
        Accept(_rules.Add(stored.Budget, _unrecorded), stored.Version);
        if (_isAway)
        {
            (_isAway, _shareAgainAt) = (false, received + RecordingTime);
            _health.Clear(_credential);
            Log.IsBack(_logger, _credential);
        }
    }

    private void Accept(WriteBudget budget, string? version)
    {
        (_budget, _version, _syncedAt) = (budget, version, _clock.Now);
        long now = StoreNow;
        _processes = Math.Max(1, budget.Processes.Keys.Append(_process).Distinct()
            .Count(p => p == _process || IsActive(budget.Processes[p], now)));
        foreach ((string resource, long until) in budget.HeldUntil.Where(h => h.Value > now))
        {
            _gate.CloseForOthers(TimeSpan.FromMilliseconds(until - now), resource);
        }
    }

    /// <summary>Adds that this process is active and the limits it has seen; removes what is over.</summary>
    private WriteBudget Complete(WriteBudget budget)
    {
        long now = StoreNow;
        Dictionary<string, long> processes = budget.Processes.Where(p => IsActive(p.Value, now)).ToDictionary();
        processes[_process] = now;
        lock (_holds)
        {
            Dictionary<string, long> held = budget.HeldUntil.Concat(_holds)
                .Where(h => h.Value > now)
                .GroupBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(g => g.Key, g => g.Max(h => h.Value), StringComparer.OrdinalIgnoreCase);
            foreach (string over in _holds.Where(h => h.Value <= now).Select(h => h.Key).ToArray())
            {
                _holds.Remove(over);
            }

            return budget with { HeldUntil = held, Processes = processes };
        }
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(StoreTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        return await call(linked.Token).WaitAsync(linked.Token);
    }

    private void MarkAway(Exception failure)
    {
        // Others that were active may have taken every slot that this process has not heard of.
        long now = StoreNow;
        _alone ??= _processes > 1 && _syncedAt > DateTimeOffset.MinValue
            ? _rules.Fill(_budget, now - (long)(_clock.Now - _syncedAt).TotalMilliseconds, now + MaxSlots * (long)_rules.Interval.TotalMilliseconds)
            : _budget;
        _processes = _maxInstances;
        if (!_isAway)
        {
            _isAway = true;
            _ = ReturnAsync();
            _health.Report(_credential, $"The shared pacing record of {_credential} cannot be read, so each process uses 1/"
                + $"{_maxInstances} (GitHub:MaxInstances) of GitHub's limits. Check the storage account; the app retries by itself.");
            Log.IsAway(_logger, _credential, _maxInstances, failure is PipelineException known ? known.Code : failure.GetType().Name);
        }
    }

    private DateTimeOffset ToLocal(long start) => DateTimeOffset.FromUnixTimeMilliseconds(start) - (_offset ?? TimeSpan.Zero);

    private static bool IsActive(long seen, long now) => now - seen < ProcessLifetime.TotalMilliseconds;

    private enum UpdateResult
    {
        Saved,
        Unchanged,
        Contended,
        Away,
    }

    /// <param name="Horizon">How many milliseconds ahead a slot may begin.</param>
    private sealed record SlotRequest(string Resource, bool IsBatch, int Count, long Horizon);

    private static partial class Log
    {
        [LoggerMessage(2104, LogLevel.Warning,
            "The shared pacing record of {Credential} cannot be read ({Code}); this process uses 1/{MaxInstances} of the limits")]
        public static partial void IsAway(ILogger logger, string credential, int maxInstances, string code);

        [LoggerMessage(2105, LogLevel.Information, "The shared pacing record of {Credential} can be read again")]
        public static partial void IsBack(ILogger logger, string credential);
    }
}

/// <summary>What the pacers of a process share with each other and, through the store, with other processes.</summary>
internal sealed record PacingSharing(IWriteBudgetStore Store, PacingHealth Health, TimeProvider Time, ILogger Logger);
