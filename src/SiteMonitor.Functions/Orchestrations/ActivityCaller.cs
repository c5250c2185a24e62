using System.Text.Json;
using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// Calls activities for an orchestrator. Retries transient failures, waits on durable timers for rate limits and services that are down,
/// and adds up what all attempts spent. Deterministic: its only clock is the orchestration's.
/// </summary>
internal sealed class ActivityCaller(TaskOrchestrationContext context)
{
    private static readonly string TransientType = typeof(TransientFailureException).FullName!;

    /// <summary>The Functions host fails an activity with a type of this namespace when its worker process ends.</summary>
    private const string HostFailurePrefix = "Microsoft.Azure.WebJobs.";

    /// <summary>The Functions host's failure of an activity that exceeds <c>functionTimeout</c>; it restarts the worker.</summary>
    private const string HostTimeoutType = "Microsoft.Azure.WebJobs.Host.FunctionTimeoutException";

    /// <summary>How long a run waits for a model that is down, in all calls together.</summary>
    private static readonly TimeSpan MaxModelOutage = TimeSpan.FromMinutes(15);

    private readonly List<PlannedWrite> _planned = [];
    private TimeSpan _modelOutage;

    /// <summary>Failed attempts of the current call; waits for a model that is down, and brief waits, do not grant new ones.</summary>
    private int _failedAttempts;

    /// <summary>When the attempt under way was scheduled, or the one before it failed.</summary>
    private DateTimeOffset _attemptedAt;

    public RunClock Clock { get; } = new(context);

    /// <summary>What all calls spent. GitHub requests of attempts without a result count as extra.</summary>
    public Usage Usage { get; private set; } = Usage.Zero;

    /// <summary>Whether a request that changes the issue may have been sent: one was, or an activity failed without saying.</summary>
    public bool MayHaveWritten { get; private set; }

    /// <summary>How long the run has waited for rate limits and services that are down.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>What a dry run would have written so far.</summary>
    public IReadOnlyList<PlannedWrite> Planned => [.. _planned];

    /// <summary>Calls an activity until it has a result.</summary>
    /// <param name="progress">Shown as the instance's status while the activity runs.</param>
    /// <exception cref="ActivityFailedException">The activity failed, and no further attempt is made.</exception>
    public async Task<T> CallAsync<T>(string activity, object input, string progress, ActivityRetryPolicy policy)
        where T : class
    {
        context.SetCustomStatus(new RunProgress(activity, progress, Clock.Now));
        TimeSpan earlier = policy.CountsOwnWaitsOnly ? Waited : TimeSpan.Zero;
        _failedAttempts = 0;
        for (int waits = 0; ; waits++)
        {
            _attemptedAt = Clock.Now;
            ActivityResult<T> result = await TryCallAsync<T>(
                activity, input, policy with { Attempts = Math.Max(1, policy.Attempts - _failedAttempts) });
            MayHaveWritten |= result.Usage.GitHubWrites > 0;
            ExcludeIdleTime(result.ElapsedMs);
            Clock.Exclude(result.Usage.WaitMs);
            if (result.RetryAt is not { } retryAt)
            {
                Usage += result.Usage;
                _planned.AddRange(result.Planned);
                if (result.Usage.GitHubWrites > 0)
                {
                    Clock.MarkWrite();
                }

                return result.Value!;
            }

            Usage += result.Usage.AsExtra();
            _failedAttempts = result.IsModelOutage || result.IsBriefWait ? _failedAttempts : 0;
            await WaitAsync(activity, retryAt, result.IsModelOutage, waits, earlier, policy);
            context.SetCustomStatus(new RunProgress(activity, progress, Clock.Now));
        }
    }

    /// <summary>Excludes waits for a free slot, or for a host that was down, from the run's duration.</summary>
    private void ExcludeIdleTime(long? elapsedMs)
    {
        if (elapsedMs is { } worked)
        {
            Clock.Exclude(Math.Max(0, (long)(Clock.Now - _attemptedAt).TotalMilliseconds - worked));
        }
    }

    private async Task<ActivityResult<T>> TryCallAsync<T>(string activity, object input, ActivityRetryPolicy policy)
        where T : class
    {
        try
        {
            int timeouts = 0;
            TaskOptions options = TaskOptions.FromRetryPolicy(policy.ToRetryPolicy(failed => IsRetried(failed, ref timeouts)));
            ActivityResult<T>? result = await context.CallActivityAsync<ActivityResult<T>?>(activity, input, options);
            return result is null or { Value: null, RetryAt: null } ? throw new JsonException("The result is empty.") : result;
        }
        catch (JsonException)
        {
            MayHaveWritten = true;
            throw CreateUnreadableResult(activity);
        }
        catch (TaskFailedException exception)
        {
            FailureMessage failure = RecordFailure(exception.FailureDetails.ErrorMessage);
            throw new ActivityFailedException(activity, failure.Code, failure.Reason, IsTransient(exception.FailureDetails));
        }
    }

    /// <summary>Another version of the application wrote the result; a new run calls the activity itself.</summary>
    private static ActivityFailedException CreateUnreadableResult(string activity) => new(
        activity,
        "unreadable-result",
        $"This version of the application cannot read the result of {activity}: another version was deployed during the run.",
        isTransient: true);

    /// <summary>The framework asks this after each failed attempt but the last one.</summary>
    private bool IsRetried(TaskFailureDetails failure, ref int timeouts)
    {
        // An activity that exceeds the time-out takes its worker and all other activities there down, so it gets one more attempt only.
        if (!IsTransient(failure) || (failure.ErrorType == HostTimeoutType && ++timeouts > 1))
        {
            return false;
        }

        RecordFailure(failure.ErrorMessage);
        _failedAttempts++;
        _attemptedAt = Clock.Now;
        return true;
    }

    private static bool IsTransient(TaskFailureDetails failure) =>
        failure.ErrorType == TransientType || failure.ErrorType.StartsWith(HostFailurePrefix, StringComparison.Ordinal);

    private FailureMessage RecordFailure(string message)
    {
        FailureMessage failure = FailureMessage.Parse(message);
        Usage += failure.Usage.AsExtra();
        Clock.Exclude(failure.Usage.WaitMs);
        MayHaveWritten |= failure.Usage.GitHubWrites > 0 || failure.Code == FailureMessage.UnexpectedCode;
        return failure;
    }

    private async Task WaitAsync(
        string activity, DateTimeOffset retryAt, bool isModelOutage, int waits, TimeSpan earlier, ActivityRetryPolicy policy)
    {
        // All runs that wait for the same time would resume at once, so each waits up to a second longer.
        // A limit that is reported again and again is waited for a little longer each time.
        TimeSpan jitter = TimeSpan.FromMilliseconds(context.NewGuid().ToByteArray()[0] * 4);
        DateTimeOffset earliest = Clock.Now + TimeSpan.FromSeconds(Math.Min(waits, 60));
        DateTimeOffset until = (retryAt > earliest ? retryAt : earliest) + jitter;
        TimeSpan wait = until - Clock.Now;
        if (isModelOutage && _modelOutage + wait > MaxModelOutage)
        {
            throw new ActivityFailedException(
                activity,
                WaitCodes.ModelUnavailable,
                FormattableString.Invariant(
                    $"Azure OpenAI is down, and a run waits for it for at most {MaxModelOutage.TotalMinutes} minutes."),
                isTransient: true);
        }

        if (waits >= policy.MaxLimitWaits || Waited - earlier + wait > policy.MaxLimitWait)
        {
            throw new ActivityFailedException(
                activity,
                "rate-limit-budget",
                $"The service accepts no requests before {retryAt:u}; a run does not wait that long.",
                isTransient: true);
        }

        string cause = isModelOutage ? "the model, which is down" : "GitHub: rate limit or outage";
        context.SetCustomStatus(new RunProgress(activity, $"waits until {until:u} for {cause}", Clock.Now));
        await context.CreateTimer(until.UtcDateTime, CancellationToken.None);
        Waited += wait;
        _modelOutage += isModelOutage ? wait : TimeSpan.Zero;
        Clock.Exclude((long)wait.TotalMilliseconds);
    }
}

/// <summary>An activity failed and is not tried again. Never leaves the orchestrator.</summary>
internal sealed class ActivityFailedException(
    string activity, string code, string reason, bool isTransient) : Exception($"{activity}: {reason}")
{
    public string Activity { get; } = activity;

    /// <summary>Stable, in kebab case.</summary>
    public string Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>Whether a later run may succeed although nobody fixes anything.</summary>
    public bool IsTransient { get; } = isTransient;
}
