using System.Diagnostics;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// Gives each request of one credential its turn: writes one at a time, at least <see cref="GitHubOptions.WriteInterval"/> apart,
/// everything within GitHub's limits. A request waits here for at most <see cref="GitHubOptions.MaxQueueWait"/>; if it would have to wait
/// longer it is told until when, so that the caller can wait durably.
/// </summary>
internal sealed class RequestPacer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly GitHubOptions _options;
    private readonly TimeProvider _machine;
    private readonly RequestBudget _budget;
    private readonly SemaphoreSlim _places;
    private readonly FifoWriteLock _writeTurn;
    private readonly DateTimeOffset _origin;
    private readonly long _originStamp;
    private DateTimeOffset _nextWrite = DateTimeOffset.MinValue;
    private DateTimeOffset _lastPromise = DateTimeOffset.MinValue;

    public RequestPacer(GitHubOptions options, TimeProvider machine)
    {
        _options = options;
        _machine = machine;
        _budget = new RequestBudget(options.Limits);
        _places = new SemaphoreSlim(options.MaxConcurrentRequests);
        _writeTurn = new FifoWriteLock(machine);
        Gate = new RateLimitGate(machine);
        _origin = machine.GetUtcNow();
        _originStamp = machine.GetTimestamp();
    }

    public RateLimitGate Gate { get; }

    /// <summary>A clock that nobody sets back.</summary>
    private DateTimeOffset Now => _origin + _machine.GetElapsedTime(_originStamp);

    /// <summary>Waits for the request's turn. Dispose the turn when the answer is there.</summary>
    /// <param name="resource"><c>core</c> or <c>graphql</c>.</param>
    /// <exception cref="RateLimitedException">The turn would come too late.</exception>
    public async Task<RequestPermit> AcquireAsync(RequestKind kind, string resource, CancellationToken cancellationToken)
    {
        long start = _machine.GetTimestamp();
        Task<RequestPermit> turn = WaitForTurnAsync(kind, resource, Now + _options.MaxQueueWait, cancellationToken);
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
            CallMeter.Add(new Usage { WaitMs = (long)_machine.GetElapsedTime(start).TotalMilliseconds });
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<RequestPermit> WaitForTurnAsync(
        RequestKind kind, string resource, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        if (kind == RequestKind.Write)
        {
            await WaitForWriteTurnAsync(cancellationToken);
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

    private async Task WaitForWriteTurnAsync(CancellationToken cancellationToken)
    {
        if (_writeTurn.TryAcquire())
        {
            return;
        }

        TimeSpan queue = _options.WriteInterval * (_writeTurn.WaitingCount + 1);
        if (queue > _options.MaxQueueWait || !await _writeTurn.AcquireAsync(_options.MaxQueueWait, cancellationToken))
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
                await Task.Delay(wait, _machine, cancellationToken);
            }
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Null when the request may go now, and is counted; else how long to wait.</summary>
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
                : throw new RateLimitedException(kind == RequestKind.Write ? Promise(wait) : wait);
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
            return Promise(wait);
        }
    }

    /// <summary>Tells writers that were turned away times one write interval apart, so that they do not all come back at once.</summary>
    private TimeSpan Promise(TimeSpan wait)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "promises are given one at a time");
        DateTimeOffset now = Now;
        DateTimeOffset next = _lastPromise + _options.WriteInterval;
        _lastPromise = now + wait > next ? now + wait : next;
        return _lastPromise - now;
    }

    /// <summary>Timers fire up to a millisecond early.</summary>
    private static TimeSpan RoundedUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds) + 1);
}

/// <summary>Carries a rate limit out through Octokit; never leaves this adapter, where it becomes a value.</summary>
/// <param name="wait">From now until another try makes sense.</param>
internal sealed class RateLimitedException(TimeSpan wait) : Exception("A rate limit bars this request.")
{
    public TimeSpan Wait { get; } = wait;
}

/// <summary>A request's turn; disposing it lets the next one go.</summary>
internal sealed class RequestPermit(Action<bool> end) : IDisposable
{
    /// <summary>Set when GitHub does not count the request (304).</summary>
    public bool IsUncounted { get; set; }

    public void Dispose() => end(IsUncounted);
}
