using System.Diagnostics;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Schedules the requests of one credential within GitHub's limits, and its writes one at a time, <see cref="GitHubOptions.WriteInterval"/>
/// apart. A request that would wait longer than <see cref="GitHubOptions.MaxQueueWait"/> learns until when, so that its caller can wait
/// durably.
/// </summary>
internal sealed class RequestPacer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly GitHubOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestBudget _budget;
    private readonly SemaphoreSlim _places;
    private readonly FifoWriteLock _writeTurn;
    private readonly DateTimeOffset _origin;
    private readonly long _originStamp;
    private DateTimeOffset _nextWrite = DateTimeOffset.MinValue;
    private DateTimeOffset _lastPromise = DateTimeOffset.MinValue;

    public RequestPacer(GitHubOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _budget = new RequestBudget(options.Limits);
        _places = new SemaphoreSlim(options.MaxConcurrentRequests);
        _writeTurn = new FifoWriteLock(time);
        Gate = new RateLimitGate(time);
        _origin = time.GetUtcNow();
        _originStamp = time.GetTimestamp();
    }

    public RateLimitGate Gate { get; }

    /// <summary>A monotonic clock.</summary>
    private DateTimeOffset Now => _origin + _time.GetElapsedTime(_originStamp);

    /// <summary>Waits for the request's turn. Dispose the turn after the response.</summary>
    /// <param name="resource"><c>core</c> or <c>graphql</c>.</param>
    /// <param name="isBeginning">
    /// Whether it is a write that begins work on an issue. It does not queue behind others, so that in a burst the issues that have
    /// begun are finished before more begin.
    /// </param>
    /// <exception cref="RateLimitedException">The turn would come too late.</exception>
    public async Task<RequestPermit> AcquireAsync(
        RequestKind kind, string resource, bool isBeginning, CancellationToken cancellationToken)
    {
        TimeSpan longestQueue = isBeginning && _options.WriteInterval < _options.MaxQueueWait
            ? _options.WriteInterval
            : _options.MaxQueueWait;
        long start = _time.GetTimestamp();
        Task<RequestPermit> turn = WaitForTurnAsync(kind, resource, longestQueue, cancellationToken);
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

    public void Dispose() => _places.Dispose();

    private async Task<RequestPermit> WaitForTurnAsync(
        RequestKind kind, string resource, TimeSpan longestQueue, CancellationToken cancellationToken)
    {
        DateTimeOffset deadline = Now + _options.MaxQueueWait;
        if (kind == RequestKind.Write)
        {
            await WaitForWriteTurnAsync(longestQueue, cancellationToken);
        }

        try
        {
            await WaitForPlaceAsync(kind, resource, deadline, cancellationToken);
        }
        catch when (kind == RequestKind.Write)
        {
            _writeTurn.Release();
            throw;
        }

        return new RequestPermit(free => End(kind, free));
    }

    private async Task WaitForWriteTurnAsync(TimeSpan longestQueue, CancellationToken cancellationToken)
    {
        if (_writeTurn.TryAcquire())
        {
            return;
        }

        TimeSpan queue = _options.WriteInterval * (_writeTurn.WaitingCount + 1);
        if (queue > longestQueue || !await _writeTurn.AcquireAsync(_options.MaxQueueWait, cancellationToken))
        {
            throw new RateLimitedException(PromiseLocked(queue));
        }
    }

    private async Task WaitForPlaceAsync(RequestKind kind, string resource, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            while (TryBegin(kind, resource, deadline) is { } wait)
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
    private TimeSpan? TryBegin(RequestKind kind, string resource, DateTimeOffset deadline)
    {
        lock (_lock)
        {
            DateTimeOffset now = Now;
            TimeSpan wait = _budget.GetWait(kind, now);
            TimeSpan closed = Gate.GetRemainingWait(resource);
            wait = closed > wait ? closed : wait;
            if (kind == RequestKind.Write && _nextWrite - now > wait)
            {
                wait = _nextWrite - now;
            }

            if (wait <= TimeSpan.Zero)
            {
                _budget.Begin(kind);
                _nextWrite = kind == RequestKind.Write ? now + _options.WriteInterval : _nextWrite;
                return null;
            }

            return now + wait <= deadline
                ? RoundedUp(wait)
                : throw new RateLimitedException(kind == RequestKind.Write ? ReserveRetryTime(wait) : wait);
        }
    }

    private void End(RequestKind kind, bool free)
    {
        lock (_lock)
        {
            _budget.End(kind, Now, free);
        }

        _places.Release();
        if (kind == RequestKind.Write)
        {
            _writeTurn.Release();
        }
    }

    private TimeSpan PromiseLocked(TimeSpan wait)
    {
        lock (_lock)
        {
            return ReserveRetryTime(wait);
        }
    }

    /// <summary>Assigns refused writes retry times one write interval apart, so that they do not all return at once.</summary>
    private TimeSpan ReserveRetryTime(TimeSpan wait)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "retry times are reserved one at a time");
        DateTimeOffset now = Now;
        DateTimeOffset next = _lastPromise + _options.WriteInterval;
        _lastPromise = now + wait > next ? now + wait : next;
        return _lastPromise - now;
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
