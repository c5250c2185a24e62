using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Runs the work of an activity: counts what it spends, keeps dry runs from writing, and lets only our own exception types out.</summary>
public sealed partial class ActivityExecutor(IIssueTracker tracker, PlanContext context, ILogger<ActivityExecutor> logger)
{
    /// <summary>Runs a step that works on an issue.</summary>
    /// <param name="work">Gets the tracker to use: in a dry run one that only notes what would be written.</param>
    public async Task<ActivityResult<T>> RunAsync<T>(string step, ActivityInput input, Func<IIssueTracker, Task<CallResult<T>>> work)
        where T : class
    {
        DryRunTracker? dry = input.Planned is { } planned ? new DryRunTracker(tracker, context, step, planned) : null;
        return await RunAsync(step, input.Issue, () => work(dry ?? tracker), () => dry?.Writes ?? []);
    }

    /// <summary>Runs a step that has no use for the tracker.</summary>
    public Task<ActivityResult<T>> RunAsync<T>(string step, string subject, Func<Task<CallResult<T>>> work)
        where T : class => RunAsync(step, subject, work, () => []);

    private async Task<ActivityResult<T>> RunAsync<T>(string step, string subject, Func<Task<CallResult<T>>> work, Func<IReadOnlyList<Core.Contracts.PlannedWrite>> planned)
        where T : class
    {
        using CallMeter meter = CallMeter.Start();
        try
        {
            CallResult<T> result = await work();
            return new ActivityResult<T> { Value = result.Value, RetryAt = result.RetryAt, Usage = meter.Total, Planned = planned() };
        }
        catch (TransientFailureException failure)
        {
            Log.StepFailed(logger, step, subject, failure.Code, failure);
            throw new TransientFailureException(failure.Code, FailureMessage.Write(failure, meter.Total));
        }
        catch (PermanentFailureException failure)
        {
            Log.StepFailed(logger, step, subject, failure.Code, failure);
            throw new PermanentFailureException(failure.Code, FailureMessage.Write(failure, meter.Total));
        }
        catch (Exception exception)
        {
            Log.StepBroke(logger, step, subject, exception);
            TransientFailureException failure = exception is OperationCanceledException
                ? new("interrupted", $"The step {step} was interrupted, by a time-out or because the host is stopping.")
                : new(FailureMessage.Unexpected, $"The step {step} broke with {exception.GetType().Name}: see the log.");
            throw new TransientFailureException(failure.Code, FailureMessage.Write(failure, meter.Total));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Warning, "{Step} of {Subject} failed: {Code}")]
        public static partial void StepFailed(ILogger logger, string step, string subject, string code, Exception exception);

        [LoggerMessage(102, LogLevel.Error, "{Step} of {Subject} broke")]
        public static partial void StepBroke(ILogger logger, string step, string subject, Exception exception);
    }
}
