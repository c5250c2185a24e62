using DurableTask.Core.Exceptions;

namespace Microsoft.DurableTask;

/// <summary>When and how often a failed task is tried again.</summary>
public class RetryPolicy
{
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        ThrowIfShorter(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        ThrowIfShorter(retryTimeout, firstRetryInterval, nameof(retryTimeout));

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }

    /// <summary>What an engine asks with its own exception, <see cref="TaskFailedException"/> or <see cref="SubOrchestrationFailedException"/> of DurableTask.Core.</summary>
    public Func<Exception, bool> Handle { get; private init; } = _ => true;

    /// <summary>Which failures are worth another try; all of them unless set.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => Handle = failure => value(FailureOf(failure));
    }

    private static TaskFailureDetails FailureOf(Exception failure) =>
        failure is global::DurableTask.Core.Exceptions.TaskFailedException or SubOrchestrationFailedException
        && TaskFailureDetails.FromCore(((OrchestrationException)failure).FailureDetails) is { } details
            ? details
            : throw new InvalidOperationException($"Expected {nameof(global::DurableTask.Core.Exceptions.TaskFailedException)} or {nameof(SubOrchestrationFailedException)} with failure details, not {failure}.");

    private static void ThrowIfShorter(TimeSpan? value, TimeSpan first, string parameter)
    {
        if (value < first && value != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"The value for {parameter} must be greater or equal to the value for firstRetryInterval.");
        }
    }
}
