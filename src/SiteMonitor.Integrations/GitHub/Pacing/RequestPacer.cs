using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Schedules the requests of one credential within GitHub's limits, together with all other processes that use it, and its writes one at a
/// time. A request that would wait longer than <see cref="GitHubOptions.MaxQueueWait"/> learns until when, so that its caller can wait
/// durably.
/// </summary>
internal sealed class RequestPacer : IDisposable
{
    /// <summary>Concurrent requests that GitHub allows a credential.</summary>
    private const int MaxConcurrent = 100;

    /// <summary>Writes that begin work leave half of a host's ten activities to those of work that has begun.</summary>
    private const int MaxQueuedNewIssueWrites = 5;

    private readonly Lock _lock = new();
    private readonly GitHubOptions _options;
    private readonly TimeProvider _time;
    private readonly MonotonicClock _clock;
    private readonly PacingRules _rules;
    private readonly ReadBudget _reads;
    private readonly ConcurrencyLimit _places;
    private readonly WriteQueue _writes;
    private readonly SharedPacingRecord _record;
    private readonly WriteReservations _reservations;
    private readonly RetryScheduler _retryScheduler;

    /// <summary>Touched by the write whose turn it is.</summary>
    private DateTimeOffset _nextWrite = DateTimeOffset.MinValue;

    /// <param name="credential">Name of the credential in the shared store.</param>
    public RequestPacer(string credential, GitHubOptions options, PacingServices services)
    {
        _options = options;
        _time = services.Time;
        _clock = new MonotonicClock(_time);
        _rules = new PacingRules(options);
        _reads = new ReadBudget(_rules, options.Limits.TimeScale);
        _places = new ConcurrencyLimit(
            _time, () => Math.Clamp(MaxConcurrent / _record!.Processes.Current, 1, options.MaxConcurrentRequests));
        _writes = new WriteQueue(_time);
        _retryScheduler = new RetryScheduler(_rules.Interval);
        Gate = new RateLimitGate(_time);
        _record = new SharedPacingRecord(credential, options, _rules, Gate, services, _clock);
        _reservations = new WriteReservations(_record, _rules, options);
    }

    public RateLimitGate Gate { get; }

    /// <summary>Waits for the request's turn. Dispose the turn after the response.</summary>
    /// <param name="resource"><c>core</c> or <c>graphql</c>.</param>
    /// <param name="startsWork">
    /// Whether it is a write that begins work on an issue. Others go first, and it does not join a long queue, so that in a burst the
    /// issues that have begun are finished before more begin.
    /// </param>
    /// <exception cref="RateLimitedException">The turn would come too late.</exception>
    public async Task<RequestPermit> AcquireAsync(
        RequestKind kind, string resource, bool startsWork, CancellationToken cancellationToken)
    {
        _record.RefreshWhenStale();
        long start = _time.GetTimestamp();
        Task<RequestPermit> turn = kind == RequestKind.Write
            ? WaitForWriteAsync(WritePrecedence.Current with { StartsWork = startsWork }, resource, cancellationToken)
            : WaitForReadAsync(resource, cancellationToken);
        if (turn.IsCompleted)
        {
            return await turn;
        }

        try
        {
            return await turn;
        }
        finally
        {
            CallMeter.Add(new Usage { WaitMs = (long)_time.GetElapsedTime(start).TotalMilliseconds });
        }
    }

    public void Dispose() => _record.Dispose();

    private async Task<RequestPermit> WaitForReadAsync(string resource, CancellationToken cancellationToken)
    {
        DateTimeOffset deadline = _clock.Now + _options.MaxQueueWait;
        while (true)
        {
            if (!await _places.TryAcquireAsync(deadline - _clock.Now, cancellationToken))
            {
                throw new RateLimitedException(_rules.Interval);
            }

            if (TryBeginRead(resource) is not { } wait)
            {
                return new RequestPermit(EndRead);
            }

            // Other requests may use the place during the wait.
            _places.Release();
            if (_clock.Now + wait > deadline)
            {
                throw new RateLimitedException(wait);
            }

            await Task.Delay(RoundedUp(wait), _time, cancellationToken);
        }
    }

    private async Task<RequestPermit> WaitForWriteAsync(WritePrecedence order, string resource, CancellationToken cancellationToken)
    {
        DateTimeOffset deadline = _clock.Now + _options.MaxQueueWait;
        await WaitForWriteTurnAsync(order, resource, cancellationToken);
        try
        {
            do
            {
                // A slot that is taken while the gate is closed would pass unused.
                while (Gate.GetRemainingWait(resource) is { Ticks: > 0 } closed)
                {
                    if (_clock.Now + closed > deadline)
                    {
                        throw CreateRetryLater(order, closed);
                    }

                    await Task.Delay(RoundedUp(closed), _time, cancellationToken);
                }

                (long? start, TimeSpan wait) =
                    await _reservations.TakeAsync(order.Priority, resource, CountExpectedWrites(order), cancellationToken);
                if (start is not { } slot)
                {
                    throw CreateRetryLater(order, wait);
                }

                if (await TryBeginWriteAsync(resource, _record.ToLocal(slot), cancellationToken))
                {
                    return new RequestPermit(_ => EndWrite());
                }

                _reservations.GiveBack(slot);
            }
            while (_clock.Now < deadline);

            throw CreateRetryLater(order, _rules.Interval);
        }
        catch
        {
            _writes.Release();
            throw;
        }
    }

    private async Task WaitForWriteTurnAsync(WritePrecedence order, string resource, CancellationToken cancellationToken)
    {
        if (_writes.TryAcquire(order))
        {
            return;
        }

        int ahead = _writes.CountAhead(order);
        TimeSpan queue = _rules.Interval * (ahead + 1);
        TimeSpan slot = _reservations.EstimateWait(order.Priority, resource, ahead);
        bool isTooLong = queue > _options.MaxQueueWait
            || slot > _reservations.GetHorizon(order.Priority)
            || (order.StartsWork && ahead >= MaxQueuedNewIssueWrites);
        if (isTooLong || !await _writes.AcquireAsync(order, _options.MaxQueueWait, cancellationToken))
        {
            throw CreateRetryLater(order, slot > queue ? slot : queue);
        }
    }

    /// <summary>Returns how many more writes will come soon: those that wait, or in a backlog at least this process's share.</summary>
    private int CountExpectedWrites(WritePrecedence order)
    {
        lock (_lock)
        {
            int retries = order.Priority == WritePriority.Batch && _retryScheduler.HasBacklog(_clock.Now)
                ? WriteReservations.MaxSlots / _record.Processes.Current
                : 0;
            return Math.Max(retries, _writes.WaitingCount);
        }
    }

    /// <summary>Returns null, and counts the request, if it may be sent now; otherwise the wait.</summary>
    private TimeSpan? TryBeginRead(string resource)
    {
        lock (_lock)
        {
            TimeSpan budget = _reads.GetWait(_record.Processes, _clock.Now);
            TimeSpan closed = Gate.GetRemainingWait(resource);
            TimeSpan wait = closed > budget ? closed : budget;
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            _reads.Begin();
            return null;
        }
    }

    /// <summary>Waits for a slot. Returns false when the slot passed or the gate closed first.</summary>
    private async Task<bool> TryBeginWriteAsync(string resource, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        // A slot may be used late: the next one then waits too.
        DateTimeOffset begin = slot > _nextWrite ? slot : _nextWrite;
        DateTimeOffset end = slot + WriteReservations.MaxLateness;
        if (begin > end)
        {
            return false;
        }

        for (TimeSpan wait = begin - _clock.Now; wait > TimeSpan.Zero; wait = begin - _clock.Now)
        {
            await Task.Delay(RoundedUp(wait), _time, cancellationToken);
        }

        if (!await _places.TryAcquireAsync(end - _clock.Now, cancellationToken))
        {
            return false;
        }

        DateTimeOffset now = _clock.Now;
        if (now > end || Gate.GetRemainingWait(resource) > TimeSpan.Zero)
        {
            _places.Release();
            return false;
        }

        _nextWrite = now + _rules.Interval;
        return true;
    }

    private void EndRead(bool free)
    {
        lock (_lock)
        {
            _reads.End(_clock.Now, free);
        }

        _places.Release();
    }

    private void EndWrite()
    {
        _places.Release();
        _writes.Release();
    }

    private RateLimitedException CreateRetryLater(WritePrecedence order, TimeSpan wait)
    {
        lock (_lock)
        {
            return new RateLimitedException(_retryScheduler.Reserve(order, wait, _record.Processes.Current, _clock.Now));
        }
    }

    /// <summary>Margin, because timers fire up to a millisecond early.</summary>
    private static TimeSpan RoundedUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds) + 1);
}

/// <summary>Passes a rate limit through Octokit; the adapter converts it to a value.</summary>
/// <param name="wait">From now until another try makes sense.</param>
internal sealed class RateLimitedException(TimeSpan wait) : Exception("A rate limit prevents this request.")
{
    public TimeSpan Wait { get; } = wait;
}

/// <summary>A request's turn; disposing it admits the next one.</summary>
internal sealed class RequestPermit(Action<bool> end) : IDisposable
{
    /// <summary>Set if GitHub does not count the request (304).</summary>
    public bool IsUncounted { get; set; }

    public void Dispose() => end(IsUncounted);
}

/// <summary>What the pacers of a process share with each other and, through the store, with other processes.</summary>
internal sealed record PacingServices(IPacingStateStore Store, PacingHealth Health, TimeProvider Time, ILogger Logger);
