using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.LocalHost.Functions.Invocation;

namespace SiteMonitor.LocalHost.Functions.Timers;

/// <summary>A function with a timer trigger. It never overlaps itself; an occurrence missed while the host was down runs once.</summary>
internal sealed partial class TimerFunction
{
    // Long waits are divided, so that a changed clock or a suspended machine is noticed.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MinMonitoredInterval = TimeSpan.FromMinutes(1);
    private static readonly IReadOnlyDictionary<string, object?> NoData = new Dictionary<string, object?>();

    private readonly FunctionInvoker _invoker;
    private readonly TimerSchedule _schedule;
    private readonly TimerTriggerAttribute _trigger;
    private readonly IServiceScopeFactory _scopes;
    private readonly ITimerStatusStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<TimerFunction> _logger;

    public TimerFunction(
        FunctionDescriptor function, IConfiguration settings, IServiceScopeFactory scopes, ITimerStatusStore store, TimeProvider time,
        ILogger<TimerFunction> logger)
    {
        if (function.TriggerParameter.ParameterType != typeof(TimerInfo))
        {
            throw new FunctionDefinitionException(
                [$"{function.Name}: the trigger's parameter of {function.EntryPoint} must be a TimerInfo."]);
        }

        (Name, _scopes, _store, _time, _logger) = (function.Name, scopes, store, time, logger);
        _trigger = (TimerTriggerAttribute)function.Trigger;
        _invoker = new FunctionInvoker(function, []);
        try
        {
            _schedule = TimerSchedule.Parse(_trigger.Schedule, settings);
        }
        catch (FormatException e)
        {
            throw new FunctionDefinitionException([$"{function.Name}: {e.Message}"]);
        }
    }

    public string Name { get; }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTime now = Now;
        DateTime next = _schedule.NextAfter(now);
        bool monitored = _trigger.UseMonitor && _schedule.NextAfter(next) - next >= MinMonitoredInterval;
        TimerStatus? known = monitored ? await FindStatusAsync(cancellationToken) : null;
        bool pastDue = known is not null && known.Schedule == _schedule.Text && known.Next < now;
        if (pastDue || _trigger.RunOnStartup)
        {
            now = await RunOccurrenceAsync(pastDue ? known!.Next : now, pastDue, monitored, cancellationToken);
        }
        else if (monitored)
        {
            await SaveStatusAsync(new TimerStatus(_schedule.Text, known?.Last, next, now), cancellationToken);
        }

        while (true)
        {
            // Counted from the end that was recorded: a clock that is advanced after it does not skip the occurrence.
            DateTime due = _schedule.NextAfter(now);
            await WaitUntilAsync(due, cancellationToken);
            now = await RunOccurrenceAsync(due, pastDue: false, monitored, cancellationToken);
        }
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken cancellationToken)
    {
        for (TimeSpan left = due - Now; left > TimeSpan.Zero; left = due - Now)
        {
            await Task.Delay(left < MaxWait ? left : MaxWait, _time, cancellationToken);
        }
    }

    /// <returns>The time at which it ended.</returns>
    private async Task<DateTime> RunOccurrenceAsync(DateTime occurrence, bool pastDue, bool monitored, CancellationToken cancellationToken)
    {
        DateTime now = Now;
        TimerStatus status = new(_schedule.Text, occurrence, _schedule.NextAfter(now), now);
        await InvokeAsync(monitored ? status : null, pastDue, cancellationToken);
        DateTime ended = Now;
        if (monitored)
        {
            await SaveStatusAsync(status with { Next = _schedule.NextAfter(ended), LastUpdated = ended }, cancellationToken);
        }

        return ended;
    }

    // Without its status a timer only loses the occurrence missed while the host is down, so it goes on.
    private async Task<TimerStatus?> FindStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FindAsync(Name, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StatusFailed(_logger, Name, failure);
            return null;
        }
    }

    private async Task SaveStatusAsync(TimerStatus status, CancellationToken cancellationToken)
    {
        try
        {
            await _store.SaveAsync(Name, status, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StatusFailed(_logger, Name, failure);
        }
    }

    private async Task InvokeAsync(TimerStatus? status, bool pastDue, CancellationToken cancellationToken)
    {
        TimerInfo info = new()
        {
            IsPastDue = pastDue,
            ScheduleStatus = status is null
                ? null
                : new ScheduleStatus { Last = status.Last ?? default, Next = status.Next, LastUpdated = status.LastUpdated },
        };
        try
        {
            await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
            LocalFunctionContext context = new(_invoker.Definition, info, scope.ServiceProvider, NoData, cancellationToken);
            using Activity? span = InvocationSpan.Start(context, "timer", ActivityKind.Internal);
            await _invoker.InvokeAsync(context);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A failed occurrence is logged; the next one comes all the same.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.Failed(_logger, Name, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Error, "Timer function {Function} failed.")]
        public static partial void Failed(ILogger logger, string function, Exception failure);

        [LoggerMessage(111, LogLevel.Error,
            "The status of timer function {Function} could not be read or saved; it keeps running, but may skip a missed occurrence.")]
        public static partial void StatusFailed(ILogger logger, string function, Exception failure);
    }
}

/// <summary>Runs every timer function on its own schedule while the host runs.</summary>
internal sealed class TimerDispatcher(IReadOnlyList<TimerFunction> timers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(timers.Select(t => t.RunAsync(stoppingToken)));
}
