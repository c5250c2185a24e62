using Microsoft.DurableTask;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Limits how often an activity is retried, and how long a run waits for rate limits.</summary>
/// <param name="Attempts">Attempts after transient failures, the first one included.</param>
/// <param name="FirstDelay">The delay before the second attempt; doubled each time.</param>
/// <param name="MaxDelay">The longest delay between two attempts.</param>
/// <param name="MaxLimitWaits">How many times in a row one call may wait for a rate limit.</param>
/// <param name="MaxLimitWait">How long a run may wait for rate limits, in all calls together.</param>
internal sealed record ActivityRetryPolicy(int Attempts, TimeSpan FirstDelay, TimeSpan MaxDelay, int MaxLimitWaits, TimeSpan MaxLimitWait)
{
    /// <summary>Five attempts within half a minute. GitHub's primary limit resets each hour, so six hours cover several resets.</summary>
    public static ActivityRetryPolicy Standard { get; } = new(
        5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(16), 200, TimeSpan.FromHours(6));

    /// <summary>One attempt, after others have failed.</summary>
    public static ActivityRetryPolicy Once { get; } = Standard with { Attempts = 1 };

    /// <summary>About twenty minutes, for restoring labels and writing the record: nothing else does these.</summary>
    public static ActivityRetryPolicy Cleanup { get; } = new(
        10, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5), 200, TimeSpan.FromHours(6)) { CountsOwnWaitsOnly = true };

    /// <summary>Two attempts: a comparison must not delay the run for long.</summary>
    public static ActivityRetryPolicy Comparison { get; } = new(
        2, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(2));

    /// <summary>Whether to ignore waits of the run's earlier calls, so that a run that has used up its limit can still clean up.</summary>
    public bool CountsOwnWaitsOnly { get; init; }

    /// <param name="isRetried">Whether a failed attempt is followed by another one.</param>
    public RetryPolicy ToRetryPolicy(Func<TaskFailureDetails, bool> isRetried) =>
        new(Attempts, FirstDelay, backoffCoefficient: 2, maxRetryInterval: MaxDelay) { HandleFailure = isRetried };
}
