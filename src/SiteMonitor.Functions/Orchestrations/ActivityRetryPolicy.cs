using Microsoft.DurableTask;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>How long a step may go on trying.</summary>
/// <param name="Attempts">Tries after transient failures, the first one included.</param>
/// <param name="FirstDelay">Before the second try; doubled each time.</param>
/// <param name="MaxDelay">The longest pause between two tries.</param>
/// <param name="LimitWaits">How often in a row a step may be told to wait for a rate limit.</param>
/// <param name="LimitWait">How long a whole run may wait for rate limits.</param>
internal sealed record ActivityRetryPolicy(int Attempts, TimeSpan FirstDelay, TimeSpan MaxDelay, int LimitWaits, TimeSpan LimitWait)
{
    /// <summary>The steps forward: five tries within half a minute. GitHub's primary limit resets each hour, so six hours outlast several resets.</summary>
    public static ActivityRetryPolicy Standard { get; } = new(5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(16), 200, TimeSpan.FromHours(6));

    /// <summary>Putting labels back and writing the record: worth about twenty minutes, since nothing else will do it.</summary>
    public static ActivityRetryPolicy Cleanup { get; } = new(10, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5), 200, TimeSpan.FromHours(6));

    /// <summary>Comparing: a side matter that must not hold the run up for long.</summary>
    public static ActivityRetryPolicy Comparison { get; } = new(2, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(2));

    public RetryPolicy Policy(Func<TaskFailureDetails, bool> handleFailure) =>
        new(Attempts, FirstDelay, backoffCoefficient: 2, maxRetryInterval: MaxDelay) { HandleFailure = handleFailure };
}
