using Microsoft.Extensions.Logging;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Keeps this process's copy of the record that all processes of a credential share, and saves what this process adds to it. A limit that
/// GitHub reports to one of them holds for all.
/// </summary>
internal sealed partial class SharedPacingRecord : IDisposable
{
    /// <summary>How old this process's copy of the record may get while it sends requests.</summary>
    public static readonly TimeSpan RefreshAge = TimeSpan.FromSeconds(10);

    /// <summary>How long the store is left alone after it failed.</summary>
    public static readonly TimeSpan StoreRetryInterval = TimeSpan.FromSeconds(15);

    /// <summary>Wait after the store is back, so that the other processes can save the slots that they used during the outage.</summary>
    private static readonly TimeSpan RejoinDelay = 2 * StoreRetryInterval;

    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The first call also creates the container and requests the managed identity's first token.</summary>
    private static readonly TimeSpan FirstCallTimeout = TimeSpan.FromSeconds(10);

    private const int MaxAttempts = 10;

    private readonly string _credential;
    private readonly IPacingStateStore _store;
    private readonly PacingRules _rules;
    private readonly int _maxInstances;
    private readonly RateLimitGate _gate;
    private readonly TimeProvider _time;
    private readonly MonotonicClock _clock;
    private readonly PacingHealth _health;
    private readonly ILogger _logger;
    private readonly string _process = Guid.NewGuid().ToString("n")[..12];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts of slots used while the store was unreachable, which are not in its record.</summary>
    private readonly List<long> _unrecorded = [];

    private readonly StoreClock _storeClock;
    private readonly SeenLimits _limits;
    private string? _version;
    private DateTimeOffset _syncedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _rejoinAt = DateTimeOffset.MinValue;
    private volatile bool _isStoreUnreachable;
    private int _outages;
    private int _isSynchronizing;

    public SharedPacingRecord(
        string credential, GitHubOptions options, PacingRules rules, RateLimitGate gate, PacingServices services, MonotonicClock clock)
    {
        (_credential, _store, _health, _time, _logger) = (
            credential, services.Store, services.Health, services.Time, services.Logger);
        (_rules, _gate, _clock) = (rules, gate, clock);
        _storeClock = new StoreClock(clock);
        _limits = new SeenLimits(clock, _storeClock);
        _maxInstances = options.MaxInstances;
        Processes = new ProcessCount(clock, options.MaxInstances);
        gate.Closed = Hold;
    }

    /// <summary>Held by whoever changes the copy.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The copy of the record.</summary>
    public PacingState State { get; private set; } = PacingState.Empty;

    /// <summary>What this process assumes the record to be while it works alone; null while it shares.</summary>
    public PacingState? LocalState { get; private set; }

    public ProcessCount Processes { get; }

    /// <summary>Whether the copy of the record is probably outdated: another process may have reserved slots since.</summary>
    public bool IsOutdated => !HasSynced || (Processes.Current > 1 && _clock.Now - _syncedAt > _rules.Interval);

    /// <summary>Unix milliseconds of the store's clock.</summary>
    public long Now => _storeClock.Now;

    private bool HasSynced => _syncedAt > DateTimeOffset.MinValue;

    public DateTimeOffset ToLocal(long start) => _storeClock.ToLocal(start);

    /// <summary>Ends the work alone when the store is back and the others have had time to save what they used.</summary>
    public void RejoinWhenDue()
    {
        if (!_isStoreUnreachable && _clock.Now >= _rejoinAt)
        {
            LocalState = null;
        }
    }

    /// <summary>Takes a slot without the store, which learns of it when it is back.</summary>
    public void UseLocally(PacingState changed, long start)
    {
        LocalState = changed;
        _unrecorded.Add(start);
    }

    /// <summary>Saves in the background the slots used without the store.</summary>
    public void SaveUnrecorded()
    {
        if (_unrecorded.Count > 0 && !_isStoreUnreachable)
        {
            _ = SynchronizeAsync();
        }
    }

    /// <summary>Brings the copy of the record up to date in the background when it is old: requests do not wait for it.</summary>
    public void RefreshWhenStale()
    {
        if (!_isStoreUnreachable && _clock.Now - _syncedAt >= RefreshAge)
        {
            _ = SynchronizeAsync();
        }
    }

    /// <param name="change">Returns the record to save; null to save none.</param>
    public async Task<UpdateResult> UpdateAsync(
        Func<PacingState, PacingState?> change, bool reload, CancellationToken cancellationToken)
    {
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                if (reload || attempt > 0)
                {
                    await LoadAsync(cancellationToken);
                }

                if (change(State) is not { } changed)
                {
                    return UpdateResult.Unchanged;
                }

                PacingState complete = _limits.AddTo(changed).With(_process, Now);
                string? version = await CallAsync(
                    token => _store.TrySaveAsync(_credential, complete, _version, token), cancellationToken);
                if (version is not null)
                {
                    _unrecorded.Clear();
                    Accept(complete, version);
                    OnStoreReachable();
                    return UpdateResult.Saved;
                }
            }

            return UpdateResult.Contended;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            OnStoreUnreachable(failure);
            return UpdateResult.StoreUnreachable;
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
        _limits.Add(resource, wait);
        if (!_isStoreUnreachable)
        {
            _ = SynchronizeAsync();
        }
    }

    /// <summary>Retries the store until a save succeeds, even without requests: the other processes need the slots used here.</summary>
    /// <param name="outage">Ends with this one; the next starts a loop of its own.</param>
    private async Task RetryStoreUntilReachableAsync(int outage)
    {
        try
        {
            CancellationToken stop = _stop.Token;
            while (_isStoreUnreachable && outage == Volatile.Read(ref _outages))
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
            await Turn.WaitAsync(CancellationToken.None);
            try
            {
                // A store that can be read may still refuse writes: only a save shows that it is back.
                await UpdateAsync(state => _isStoreUnreachable || HasUnsavedChanges(state) ? state : null, reload: true, _stop.Token);
            }
            finally
            {
                Turn.Release();
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

    /// <summary>Whether this process knows something that is not in the record.</summary>
    private bool HasUnsavedChanges(PacingState state) =>
        _unrecorded.Count > 0 || _limits.AreMissingIn(state) || !state.HasRecently(_process, Now);

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset sent = _clock.Now;
        VersionedPacingState stored = await CallAsync(token => _store.ReadAsync(_credential, token), cancellationToken);
        _storeClock.Adjust(sent, stored.Now, received: _clock.Now);
        Accept(_rules.CorrectClock(_rules.Add(stored.State, _unrecorded), Now), stored.Version);
    }

    private void Accept(PacingState state, string? version)
    {
        (State, _version, _syncedAt) = (state, version, _clock.Now);
        long now = Now;
        Processes.Set(state.With(_process, now).Processes.Count);
        foreach ((string resource, long until) in state.HeldUntil.Where(h => h.Value > now))
        {
            _gate.CloseForOthers(TimeSpan.FromMilliseconds(until - now), resource);
        }
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(HasSynced || _isStoreUnreachable ? StoreTimeout : FirstCallTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        return await call(linked.Token).WaitAsync(linked.Token);
    }

    private void OnStoreReachable()
    {
        if (_isStoreUnreachable)
        {
            (_isStoreUnreachable, _rejoinAt) = (false, _clock.Now + RejoinDelay);
            _health.Clear(_credential);
            Log.StoreReachable(_logger, _credential);
        }
    }

    private void OnStoreUnreachable(Exception failure)
    {
        long now = Now;
        long soon = now + (WriteReservations.MaxSlots * (long)_rules.Interval.TotalMilliseconds);
        // Others that were active may have taken every slot that this process has not heard of.
        LocalState ??= !HasSynced ? _rules.AssumeUsedHour(now)
            : Processes.Current == 1 ? State
            : _rules.AddAllSlots(State, _storeClock.FromLocal(_syncedAt), soon);
        Processes.SetUnknown();
        if (!_isStoreUnreachable)
        {
            _isStoreUnreachable = true;
            _ = RetryStoreUntilReachableAsync(Interlocked.Increment(ref _outages));
            _health.Report(_credential, _maxInstances);
            string code = failure is PipelineException known ? known.Code : failure.GetType().Name;
            Log.StoreUnreachable(_logger, _credential, _maxInstances, code);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2104, LogLevel.Warning,
            "The shared pacing record of {Credential} cannot be read and saved ({Code}); this process uses 1/{MaxInstances} of the limits")]
        public static partial void StoreUnreachable(ILogger logger, string credential, int maxInstances, string code);

        [LoggerMessage(2105, LogLevel.Information, "The shared pacing record of {Credential} can be read and saved again")]
        public static partial void StoreReachable(ILogger logger, string credential);
    }
}
