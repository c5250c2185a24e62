using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace SiteMonitor.Integrations.Resilience;

/// <summary>
/// Stops requests to a service that is down. When a break is over, one request, the probe, finds out whether the service is back.
/// </summary>
/// <remarks>
/// The first break lasts one second: a single issue can make requests fail, and then the probe, which is independent of that
/// issue, closes the circuit again.
/// </remarks>
internal sealed partial class CircuitBreaker
{
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(1);

    /// <summary>How long after a failed probe's break a service that nobody asks is still reported as down.</summary>
    private static readonly TimeSpan MaxUnasked = TimeSpan.FromMinutes(5);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _onOpened;
    private readonly Lock _lock = new();
    private DateTimeOffset _openSince;
    private DateTimeOffset _retryAt;

    /// <summary>Whether a probe has confirmed the outage. Before, a single issue may be what makes requests fail.</summary>
    private bool _isConfirmed;

    /// <summary>How many times the circuit opened, half-opened or closed.</summary>
    private int _changes;

    /// <param name="dependency">Name of the service, for logs, metrics and people.</param>
    /// <param name="maxBreak">The longest break.</param>
    /// <param name="time">The orchestrations' clock, on which callers wait.</param>
    /// <param name="onOpened">Called each time the closed circuit opens.</param>
    public CircuitBreaker(
        string dependency, CircuitBreakerOptions options, TimeSpan maxBreak, TimeProvider time, Action onOpened, ILogger logger)
    {
        (Dependency, _time, _onOpened, _logger) = (dependency, time, onOpened, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = dependency,
                MinimumThroughput = options.MinimumRequests,
                FailureRatio = options.FailureRatio,
                SamplingDuration = options.SamplingDuration,

                // How long other requests wait while a probe is under way.
                BreakDuration = FirstBreak,
                BreakDurationGenerator = args => ValueTask.FromResult(GetBreak(args.HalfOpenAttempts, options.BreakDuration, maxBreak)),
                ShouldHandle = args => ValueTask.FromResult(OutageDetector.IsOutage(args.Outcome, args.Context.CancellationToken)),
                StateProvider = _state,
                OnOpened = args => Note(() => Open(args.BreakDuration)),
                OnHalfOpened = _ => Note(() => _retryAt = _time.GetUtcNow() + FirstBreak),
                OnClosed = _ => Note(Close),
            })
            .Build();
    }

    public string Dependency { get; }

    /// <summary>
    /// Whether the circuit is not closed: requests are refused, or the next one is the probe. For reports use <see cref="OpenSince"/>.
    /// </summary>
    public bool IsOpen => _state.CircuitState != CircuitState.Closed;

    /// <summary>When requests began to fail; null when the service is up or its state is unknown.</summary>
    /// <remarks>
    /// Unknown: the first break has ended and no probe was sent, or no request was sent for 5 minutes after a later break.
    /// </remarks>
    public DateTimeOffset? OpenSince
    {
        get
        {
            lock (_lock)
            {
                bool isProbing = _state.CircuitState == CircuitState.HalfOpen;
                DateTimeOffset knownUntil = _isConfirmed ? _retryAt + MaxUnasked : _retryAt;
                bool isKnown = isProbing || _time.GetUtcNow() < knownUntil;
                return IsOpen && _openSince != default && isKnown ? _openSince : null;
            }
        }
    }

    /// <summary>When the next request makes sense; null when one may be sent now, as the probe if the service was down.</summary>
    public DateTimeOffset? RetryAt
    {
        get
        {
            lock (_lock)
            {
                return IsOpen && _retryAt > _time.GetUtcNow() ? _retryAt : null;
            }
        }
    }

    /// <summary>Sends a request, as the probe if one is due, and notes how it ended.</summary>
    /// <param name="cancellationToken">A request that this token cancels says nothing about the service.</param>
    /// <exception cref="BrokenCircuitException">The service is down; nothing was sent.</exception>
    public async ValueTask<T> ExecuteAsync<T>(Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        int changes = Volatile.Read(ref _changes);
        if (IsOpen)
        {
            return await _pipeline.ExecuteAsync(send, cancellationToken);
        }

        T result;
        try
        {
            result = await send(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await ReportAsync(Outcome.FromException<T>(exception), changes);
            throw;
        }

        await ReportAsync(Outcome.FromResult(result), changes);
        return result;
    }

    /// <summary>Sends a request, as the probe if one is due, and notes how it ended.</summary>
    /// <exception cref="BrokenCircuitException">The service is down; nothing was sent.</exception>
    public T Execute<T>(Func<T> send) =>
        ExecuteAsync(_ => ValueTask.FromResult(send()), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Ends a call at once while the service is down.</summary>
    /// <exception cref="BrokenCircuitException">The service is down.</exception>
    public void ThrowIfOpen()
    {
        if (RetryAt is { } retryAt)
        {
            throw new BrokenCircuitException($"{Dependency} is down.", retryAt - _time.GetUtcNow());
        }
    }

    /// <summary>Refuses a request also when a probe is due, so that only a request of our own is ever the probe.</summary>
    /// <exception cref="BrokenCircuitException">The service counts as down.</exception>
    public void ThrowUnlessClosed()
    {
        ThrowIfOpen();
        if (IsOpen)
        {
            throw new BrokenCircuitException($"{Dependency} is down.", FirstBreak);
        }
    }

    /// <summary>Sends the probe if the service was down and the break is over.</summary>
    /// <param name="probe">Limits its own time: a caller that is cancelled stops waiting, and the probe goes on.</param>
    /// <exception cref="BrokenCircuitException">The service is down.</exception>
    public async ValueTask ProbeIfOpenAsync<T>(Func<CancellationToken, ValueTask<T>> probe, CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            return;
        }

        try
        {
            await ExecuteAsync(probe, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not BrokenCircuitException && !cancellationToken.IsCancellationRequested)
        {
            // An answer of the service that the probe did not expect closes the circuit as well.
        }

        ThrowIfOpen();
    }

    /// <summary>Counts a request that was sent while the circuit was closed, unless it has opened since.</summary>
    /// <remarks>
    /// While half-open, Polly treats any completed request as the probe, so one that started earlier must not run in the pipeline.
    /// </remarks>
    private async ValueTask ReportAsync<T>(Outcome<T> outcome, int changes)
    {
        if (IsOpen || changes != Volatile.Read(ref _changes))
        {
            return;
        }

        ResilienceContext context = ResilienceContextPool.Shared.Get();
        await _pipeline.ExecuteOutcomeAsync(static (_, ended) => ValueTask.FromResult(ended), context, outcome);
        ResilienceContextPool.Shared.Return(context);
    }

    private static TimeSpan GetBreak(int failedProbes, TimeSpan shortest, TimeSpan longest)
    {
        if (failedProbes == 0)
        {
            return FirstBreak;
        }

        TimeSpan pause = shortest * Math.Pow(2, Math.Min(failedProbes - 1, 20));
        return pause < longest ? pause : longest;
    }

    private ValueTask Note(Action change)
    {
        lock (_lock)
        {
            _changes++;
            change();
        }

        return ValueTask.CompletedTask;
    }

    private void Open(TimeSpan pause)
    {
        DateTimeOffset now = _time.GetUtcNow();
        bool isNew = _openSince == default;
        _isConfirmed = !isNew;
        _retryAt = now + pause;
        if (isNew)
        {
            _openSince = now;
            _onOpened();
        }

        Log.Opened(_logger, Dependency, _openSince, _retryAt);
    }

    private void Close()
    {
        Log.Closed(_logger, Dependency, _time.GetUtcNow() - _openSince);
        _openSince = default;
    }

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Warning, "{Dependency} is down since {Since:u}: it gets no request before {RetryAt:u}")]
        public static partial void Opened(ILogger logger, string dependency, DateTimeOffset since, DateTimeOffset retryAt);

        [LoggerMessage(2302, LogLevel.Warning, "{Dependency} is back after {Outage}")]
        public static partial void Closed(ILogger logger, string dependency, TimeSpan outage);
    }
}
