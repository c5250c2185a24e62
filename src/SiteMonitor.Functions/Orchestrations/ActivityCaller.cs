using System.Text.Json;
using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// Calls activities for an orchestrator: tries again after transient failures only, waits out rate limits on durable timers, and adds up what all tries spent.
/// Deterministic: it knows no clock but the orchestration's.
/// </summary>
internal sealed class ActivityCaller(TaskOrchestrationContext context)
{
    private static readonly string TransientType = typeof(TransientFailureException).FullName!;

    /// <summary>What all calls spent. GitHub requests of tries that gave no answer count as extra.</summary>
    public Usage Usage { get; private set; } = Usage.Zero;

    /// <summary>Whether a request that changes an issue may have been sent: one was, or a step broke in a way that does not tell.</summary>
    public bool MayHaveWritten { get; private set; }

    /// <summary>Time spent waiting for rate limits.</summary>
    public TimeSpan Waited { get; private set; }

    /// <exception cref="ActivityFailedException">The step failed for good.</exception>
    public async Task<ActivityResult<T>> CallAsync<T>(string step, object input, string progress, ActivityRetryPolicy budget)
        where T : class
    {
        context.SetCustomStatus(new RunProgress(step, progress, Now));
        for (int waits = 0; ; waits++)
        {
            ActivityResult<T> result = await TryAsync<T>(step, input, budget);
            MayHaveWritten |= result.Usage.GitHubWrites > 0;
            if (result.RetryAt is not { } retryAt)
            {
                Usage += result.Usage;
                return result;
            }

            Usage += result.Usage.AsExtra();
            await WaitAsync(step, retryAt, waits, budget);
            context.SetCustomStatus(new RunProgress(step, progress, Now));
        }
    }

    private DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    private async Task<ActivityResult<T>> TryAsync<T>(string step, object input, ActivityRetryPolicy budget)
        where T : class
    {
        try
        {
            ActivityResult<T>? result = await context.CallActivityAsync<ActivityResult<T>?>(step, input, TaskOptions.FromRetryPolicy(budget.Policy(MayTryAgain)));
            return result is null or { Value: null, RetryAt: null } ? throw new JsonException("There is no answer in it.") : result;
        }
        catch (JsonException)
        {
            MayHaveWritten = true;
            throw Unreadable(step);
        }
        catch (TaskFailedException exception)
        {
            (string code, string reason, Usage spent) = FailureMessage.Read(exception.FailureDetails.ErrorMessage);
            Failed(code, spent);
            throw new ActivityFailedException(step, code, reason, exception.FailureDetails.ErrorType == TransientType);
        }
    }

    /// <summary>A result that another version of the application wrote while the run was on; a new run asks the step itself.</summary>
    private static ActivityFailedException Unreadable(string step) =>
        new(step, "unreadable-result", $"The result of {step} has a shape that this version of the application does not know: another version was deployed while the run was on.", isTransient: true);

    /// <summary>Asked after each failure but the last; that one arrives as an exception, and so does one that is not worth another try.</summary>
    private bool MayTryAgain(TaskFailureDetails failure)
    {
        if (failure.ErrorType != TransientType)
        {
            return false;
        }

        (string code, _, Usage spent) = FailureMessage.Read(failure.ErrorMessage);
        Failed(code, spent);
        return true;
    }

    private void Failed(string code, Usage spent)
    {
        Usage += spent.AsExtra();
        MayHaveWritten |= spent.GitHubWrites > 0 || code == FailureMessage.Unexpected;
    }

    private async Task WaitAsync(string step, DateTimeOffset retryAt, int waits, ActivityRetryPolicy budget)
    {
        // Spread over a second: a limit that ends releases every run that waits for it. Told again and again to come back at once, it waits longer each time.
        TimeSpan jitter = TimeSpan.FromMilliseconds(context.NewGuid().ToByteArray()[0] * 4);
        DateTimeOffset patient = Now + TimeSpan.FromSeconds(Math.Min(waits, 60));
        DateTimeOffset until = (retryAt > patient ? retryAt : patient) + jitter;
        TimeSpan wait = until - Now;
        if (waits >= budget.LimitWaits || Waited + wait > budget.LimitWait)
        {
            throw new ActivityFailedException(step, "rate-limit-budget", $"The rate limit did not end within the time a run may wait; it is now said to end at {retryAt:u}.", isTransient: true);
        }

        context.SetCustomStatus(new RunProgress(step, $"waits for a rate limit until {until:u}", Now));
        await context.CreateTimer(until.UtcDateTime, CancellationToken.None);
        Waited += wait;
    }
}

/// <summary>A step has failed for good: its tries or its budget of waits are used up, or no try can help. Never leaves the orchestrator.</summary>
internal sealed class ActivityFailedException(string step, string code, string reason, bool isTransient) : Exception($"{step}: {reason}")
{
    public string Activity { get; } = step;

    /// <summary>Stable, kebab-case.</summary>
    public string Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>A later run may succeed without anybody doing anything.</summary>
    public bool IsTransient { get; } = isTransient;
}
