using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Runs the work of an activity: counts what it spends, prevents dry runs from writing, and throws only our own exception types.
/// </summary>
public sealed partial class ActivityExecutor(
    IIssueTracker tracker, PlanContext context, TimeProvider time, ILogger<ActivityExecutor> logger)
{
    /// <summary>Waits up to this long do not reset the attempt count; covers a circuit breaker's first break.</summary>
    private static readonly TimeSpan MaxBriefWait = TimeSpan.FromSeconds(2);

    /// <summary>Runs an activity that works on an issue.</summary>
    /// <param name="work">Receives the tracker to use. A dry run gets one that only records what would be written.</param>
    public async Task<ActivityResult<T>> RunAsync<T>(string activity, ActivityInput input, Func<IIssueTracker, Task<CallResult<T>>> work)
        where T : class
    {
        WritePrecedence.Set(new WritePrecedence(input.Priority, input.Ref.Repository.Canonical));
        DryRunTracker? dryRun = input.Planned is { } planned ? new DryRunTracker(tracker, context, activity, planned) : null;
        ActivityResult<T> result = await RunAsync(activity, input.Issue, () => work(dryRun ?? tracker));
        return dryRun is null ? result : result with { Planned = dryRun.Writes };
    }

    /// <summary>Runs an activity that does not use the tracker.</summary>
    /// <param name="subject">What the activity works on, for the log.</param>
    public async Task<ActivityResult<T>> RunAsync<T>(string activity, string subject, Func<Task<CallResult<T>>> work)
        where T : class
    {
        using CallMeter meter = CallMeter.Start();
        long began = time.GetTimestamp();
        Activity.Current?.SetTag("sitemonitor.subject", subject);
        try
        {
            CallResult<T> result = await work();
            return new ActivityResult<T>
            {
                Value = result.Value,
                RetryAt = result.RetryAt,
                IsModelOutage = result.IsModelOutage,
                IsBriefWait = result.RetryAt - time.GetUtcNow() <= MaxBriefWait,
                Usage = meter.Total,
                ElapsedMs = (long)time.GetElapsedTime(began).TotalMilliseconds,
            };
        }
        catch (TransientFailureException failure)
        {
            Log.Failed(logger, activity, subject, failure.Code, failure);
            MarkFailed(failure.Code);
            throw new TransientFailureException(failure.Code, FailureMessage.Format(failure, meter.Total));
        }
        catch (PermanentFailureException failure)
        {
            Log.Failed(logger, activity, subject, failure.Code, failure);
            MarkFailed(failure.Code);
            throw new PermanentFailureException(failure.Code, FailureMessage.Format(failure, meter.Total));
        }
        catch (Exception exception)
        {
            Log.FailedUnexpectedly(logger, activity, subject, exception);
            TransientFailureException failure = exception is OperationCanceledException
                ? new("interrupted", $"{activity} was interrupted by a time-out, or because the host is stopping.")
                : new(FailureMessage.UnexpectedCode, $"{activity} failed with {exception.GetType().Name}: see the log.");
            MarkFailed(failure.Code);
            throw new TransientFailureException(failure.Code, FailureMessage.Format(failure, meter.Total));
        }
    }

    private static void MarkFailed(string code) =>
        Activity.Current?.SetTag("error.type", code).SetStatus(ActivityStatusCode.Error, code);

    private static partial class Log
    {
        [LoggerMessage(103, LogLevel.Warning, "{Activity} of {Subject} failed: {Code}")]
        public static partial void Failed(ILogger logger, string activity, string subject, string code, Exception exception);

        [LoggerMessage(104, LogLevel.Error, "{Activity} of {Subject} failed unexpectedly")]
        public static partial void FailedUnexpectedly(ILogger logger, string activity, string subject, Exception exception);
    }
}
