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
    private const int MaxBeginningAhead = 5;

    private readonly Lock _lock = new();
    private readonly GitHubOptions _options;
    private readonly TimeProvider _time;
    private readonly MonotonicClock _clock;
    private readonly PacingRules _rules;
    private readonly ReadBudget _reads;
    private readonly SemaphoreSlim _places;
    private readonly WriteQueue _writes;
    private readonly WriteReservations _reservations;
    private readonly RetryTimes _retryTimes;

    /// <summary>Touched by the write whose turn it is.</summary>
    private DateTimeOffset _nextWrite = DateTimeOffset.MinValue;

    /// <param name="credential">Name of the credential in the shared store.</param>
    public RequestPacer(string credential, GitHubOptions options, PacingSharing sharing)
    {
        _options = options;
        _time = sharing.Time;
        _clock = new MonotonicClock(_time);
        _rules = new PacingRules(options);
        _reads = new ReadBudget(_rules, options.Limits.TimeScale);
        _places = new SemaphoreSlim(Math.Clamp(MaxConcurrent / options.MaxInstances, 1, options.MaxConcurrentRequests));
        _writes = new WriteQueue(_time);
        _retryTimes = new RetryTimes(_rules.Interval);
        Gate = new RateLimitGate(_time);
        _reservations = new WriteReservations(credential, options, _rules, Gate, sharing, _clock);
    }

    public RateLimitGate Gate { get; }

    /// <summary>Waits for the request's turn. Dispose the turn after the response.</summary>
    /// <param name="resource"><c>core</c> or <c>graphql</c>.</param>
    /// <param name="isBeginning">
    /// Whether it is a write that begins work on an issue. Others go first, and it does not join a long queue, so that in a burst the
    /// issues that have begun are finished before more begin.
    /// </param>
    /// <exception cref="RateLimitedException">The turn would come too late.</exception>
    public async Task<RequestPermit> AcquireAsync(
        RequestKind kind, string resource, bool isBeginning, CancellationToken cancellationToken)
    {
        _reservations.RefreshWhenStale();
        long start = _time.GetTimestamp();
        Task<RequestPermit> turn = kind == RequestKind.Write
            ? WaitForWriteAsync(WriteOrder.Current with { Begins = isBeginning }, resource, cancellationToken)
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

    public void Dispose()
    {
        _reservations.Dispose();
        _places.Dispose();
    }

    private async Task<RequestPermit> WaitForReadAsync(string resource, CancellationToken cancellationToken)
    {
        DateTimeOffset deadline = _clock.Now + _options.MaxQueueWait;
        await WaitForPlaceAsync(() => TryBeginRead(resource, deadline), cancellationToken);
        return new RequestPermit(EndRead);
    }

    private async Task<RequestPermit> WaitForWriteAsync(WriteOrder order, string resource, CancellationToken cancellationToken)
    {
        DateTimeOffset deadline = _clock.Now + _options.MaxQueueWait;
        await WaitForWriteTurnAsync(order, cancellationToken);
        try
        {
            TimeSpan closed = Gate.GetRemainingWait(resource);
            if (closed > TimeSpan.Zero && _clock.Now + closed > deadline)
            {
                throw SendAway(order, closed);
            }

            (DateTimeOffset? begin, TimeSpan wait) =
                await _reservations.TakeAsync(order.Priority, resource, _writes.WaitingCount, _options.MaxQueueWait, cancellationToken);
            if (begin is not { } slot)
            {
                throw SendAway(order, wait);
            }

            await WaitForPlaceAsync(() => TryBeginWrite(order, resource, slot, deadline), cancellationToken);
        }
        catch
        {
            _writes.Release();
            throw;
        }

        return new RequestPermit(_ => EndWrite());
    }

    private async Task WaitForWriteTurnAsync(WriteOrder order, CancellationToken cancellationToken)
    {
        if (_writes.TryAcquire(order))
        {
            return;
        }

        // A slot of each other process may come before those that this one reserves together.
        int ahead = _writes.CountAhead(order);
        TimeSpan queue = _rules.Interval * (ahead + _reservations.Processes);
        bool isTooLong = queue > _options.MaxQueueWait || (order.Begins && ahead >= MaxBeginningAhead);
        if (isTooLong || !await _writes.AcquireAsync(order, _options.MaxQueueWait, cancellationToken))
        {
            throw SendAway(order, queue);
        }
    }

    private async Task WaitForPlaceAsync(Func<TimeSpan?> tryBegin, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            while (tryBegin() is { } wait)
            {
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Returns null, and counts the request, if it may be sent now; otherwise the wait.</summary>
    private TimeSpan? TryBeginRead(string resource, DateTimeOffset deadline)
    {
        lock (_lock)
        {
            DateTimeOffset now = _clock.Now;
            TimeSpan budget = _reads.GetWait(_reservations.Processes, now);
            TimeSpan closed = Gate.GetRemainingWait(resource);
            TimeSpan wait = closed > budget ? closed : budget;
            if (wait <= TimeSpan.Zero)
            {
                _reads.Begin();
                return null;
            }

            return now + wait <= deadline ? RoundedUp(wait) : throw new RateLimitedException(wait);
        }
    }

    private TimeSpan? TryBeginWrite(WriteOrder order, string resource, DateTimeOffset slot, DateTimeOffset deadline)
    {
        DateTimeOffset now = _clock.Now;
        // A slot may be used late: the next one then waits too.
        DateTimeOffset begin = slot > _nextWrite ? slot : _nextWrite;
        TimeSpan closed = Gate.GetRemainingWait(resource);
        TimeSpan wait = begin - now > closed ? begin - now : closed;
        if (wait <= TimeSpan.Zero)
        {
            _nextWrite = now + _rules.Interval;
            return null;
        }

        return closed == TimeSpan.Zero || now + wait <= deadline ? RoundedUp(wait) : throw SendAway(order, wait);
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

    private RateLimitedException SendAway(WriteOrder order, TimeSpan wait)
    {
        lock (_lock)
        {
            return new RateLimitedException(_retryTimes.Reserve(order, wait, _reservations.Processes, _clock.Now));
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
