using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace SiteMonitor.Tests.Polyfills;

/// <summary>Holds for the polyfill and for the real package alike.</summary>
public sealed class OrchestrationMetadataTests
{
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, false, false)]
    [InlineData(OrchestrationRuntimeStatus.Running, true, false)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, false, false)]
    [InlineData(OrchestrationRuntimeStatus.Completed, false, true)]
    [InlineData(OrchestrationRuntimeStatus.Failed, false, true)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, false, true)]
    public void A_Status_Is_Running_Completed_Or_Neither(OrchestrationRuntimeStatus status, bool running, bool completed)
    {
        OrchestrationMetadata metadata = new("Name", "id") { RuntimeStatus = status };

        Assert.Equal((running, completed), (metadata.IsRunning, metadata.IsCompleted));
    }

    [Fact]
    public void Inputs_Are_Read_Only_When_They_Were_Asked_For()
    {
        Assert.Equal(5, new OrchestrationMetadata("Name", "id") { SerializedInput = "5", DataConverter = JsonDataConverter.Default }.ReadInputAs<int>());
        Assert.Throws<InvalidOperationException>(() => new OrchestrationMetadata("Name", "id") { SerializedInput = "5" }.ReadInputAs<int>());
    }

    [Fact]
    public async Task Pages_Are_Asked_For_Until_There_Is_No_Token()
    {
        AsyncPageable<string> pageable = Pageable.Create((token, cancellation) => Task.FromResult(
            token is null ? new Page<string>(["a", "b"], "2") : new Page<string>([token])));

        Assert.Equal(["a", "b", "2"], await pageable.ToListAsync(TestContext.Current.CancellationToken));
    }
}
