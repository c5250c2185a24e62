using DurableTask.Core;
using Microsoft.DurableTask;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace SiteMonitor.Tests.Polyfills;

/// <summary>Holds for the polyfill and for the real package alike: what our retry policies rely on.</summary>
public sealed class RetryPolicyTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Without_Limits_Waits_At_Most_An_Hour_And_Never_Times_Out()
    {
        RetryPolicy policy = new(3, s_second);

        Assert.Equal(1.0, policy.BackoffCoefficient);
        Assert.Equal(TimeSpan.FromHours(1), policy.MaxRetryInterval);
        Assert.Equal(Timeout.InfiniteTimeSpan, policy.RetryTimeout);
    }

    [Theory]
    [InlineData(0, 1, 1.0, null, null, "maxNumberOfAttempts")]
    [InlineData(1, 0, 1.0, null, null, "firstRetryInterval")]
    [InlineData(1, -1, 1.0, null, null, "firstRetryInterval")]
    [InlineData(1, 1, 0.99, null, null, "backoffCoefficient")]
    [InlineData(1, 2, 1.0, 1, null, "maxRetryInterval")]
    [InlineData(1, 2, 1.0, null, 1, "retryTimeout")]
    public void Arguments_Out_Of_Range_Are_Refused_By_Name(int attempts, int first, double coefficient, int? longest, int? timeout, string parameter)
    {
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(
            attempts,
            TimeSpan.FromSeconds(first),
            coefficient,
            longest is { } l ? TimeSpan.FromSeconds(l) : null,
            timeout is { } t ? TimeSpan.FromSeconds(t) : null));

        Assert.Equal(parameter, refusal.ParamName);
    }

    [Fact]
    public void An_Infinite_Interval_Is_Longer_Than_Any_Other() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, new RetryPolicy(1, s_second, maxRetryInterval: Timeout.InfiniteTimeSpan).MaxRetryInterval);

    [Fact]
    public void HandleFailure_Is_Asked_With_The_Failure_Of_The_Engines_Exception()
    {
        RetryPolicy policy = new(2, s_second) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };

        Assert.True(policy.Handle(Failed("System.TimeoutException")));
        Assert.False(policy.Handle(Failed("System.ArgumentException")));
        Assert.Throws<InvalidOperationException>(() => policy.Handle(new TimeoutException()));
    }

    private static CoreTaskFailedException Failed(string type) => new("failed") { FailureDetails = new FailureDetails(type, "message", null, null, false) };
}
