using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.Tests.Polyfills;

/// <summary>Holds for the polyfill and for the real package alike.</summary>
public sealed class StartOrchestrationOptionsTests
{
    [Fact]
    public void Dedupe_Statuses_Are_Kept_By_Name_Beside_Everything_Else()
    {
        StartOrchestrationOptions options = new("id", DateTimeOffset.UnixEpoch) { Version = "1", Tags = new Dictionary<string, string> { ["a"] = "b" } };

        StartOrchestrationOptions deduped = options.WithDedupeStatuses(OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running);

        Assert.Equal(["Pending", "Running"], deduped.DedupeStatuses!);
        Assert.Equal(("id", DateTimeOffset.UnixEpoch, "1", "b"), (deduped.InstanceId, deduped.StartAt, deduped.Version!.Value.Version, deduped.Tags["a"]));
        Assert.Null(options.DedupeStatuses);
    }

    [Fact]
    public void Suspended_Is_Among_The_Statuses_That_May_Be_Deduped() =>
        Assert.Contains(OrchestrationRuntimeStatus.Suspended, StartOrchestrationOptionsExtensions.ValidDedupeStatuses);

    [Fact]
    public void A_Sub_Orchestration_Keeps_The_Retries_Of_The_Options_It_Is_Made_Of()
    {
        RetryPolicy policy = new(2, TimeSpan.FromSeconds(1));

        SubOrchestrationOptions options = TaskOptions.FromRetryPolicy(policy).WithInstanceId("child");

        Assert.Equal(("child", policy), (options.InstanceId, options.Retry!.Policy));
        Assert.Equal("child", new SubOrchestrationOptions(options).InstanceId);
        Assert.Equal("child", new SubOrchestrationOptions((TaskOptions)options).InstanceId);
    }
}
