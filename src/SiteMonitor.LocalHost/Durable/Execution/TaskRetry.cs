using DurableTask.Core;
using Microsoft.DurableTask;
using TaskFailedException = Microsoft.DurableTask.TaskFailedException;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>Tries again by policy, on durable timers, or as a handler says. Runs inside the orchestrator, so a replay decides the same.</summary>
internal static class TaskRetry
{
    public static Task<string?> RunAsync(TaskOrchestrationContext context, string name, TaskRetryOptions retry, Func<Task<string?>> call) =>
        retry.Policy is { } policy ? ByPolicyAsync(context, policy, call)
        : retry.Handler is { } handler ? ByHandlerAsync(context, handler, call)
        : throw new ArgumentException($"The retry options for '{name}' have neither a policy nor a handler.", nameof(retry));

    private static async Task<string?> ByPolicyAsync(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<string?>> call)
    {
        DateTime first = context.CurrentUtcDateTime;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failure)
            {
                // Not in an exception filter: what the policy's own code throws must fail the orchestration, and a filter would swallow it.
                if (attempt == policy.MaxNumberOfAttempts || Expired(context, policy, first) || !policy.Handle(CoreFailure(failure)))
                {
                    throw;
                }

                await context.CreateTimer(context.CurrentUtcDateTime + Pause(policy, attempt), CancellationToken.None);
            }
        }
    }

    private static bool Expired(TaskOrchestrationContext context, RetryPolicy policy, DateTime first) =>
        policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - first >= policy.RetryTimeout;

    private static TimeSpan Pause(RetryPolicy policy, int attempt)
    {
        double pause = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        TimeSpan longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return pause < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(pause) : longest;
    }

    private static async Task<string?> ByHandlerAsync(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<string?>> call)
    {
        DateTime first = context.CurrentUtcDateTime;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failure)
            {
                RetryContext retry = new(context, attempt, failure.FailureDetails, context.CurrentUtcDateTime - first, CancellationToken.None);
                if (!await handler(retry))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The exception a <see cref="RetryPolicy"/> expects: its handlers were made for the framework below.</summary>
    private static DurableTask.Core.Exceptions.TaskFailedException CoreFailure(TaskFailedException failure) =>
        new(failure.Message) { FailureDetails = CoreDetails(failure.FailureDetails) };

    private static FailureDetails CoreDetails(TaskFailureDetails details) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? CoreDetails(inner) : null, isNonRetriable: false);
}
