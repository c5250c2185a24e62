using DurableTask.Core.History;
using Grpc.Core;

namespace DurableTask.Sqlite.Tests;

public sealed class HistoryTests
{
    [Fact]
    public async Task The_History_Has_The_Frameworks_Events_With_The_Inputs_Of_Activities()
    {
        await using TestHub hub = await new TestHub()
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Work", context => context.CallActivityAsync<int>("Echo", 7)).StartAsync();
        await hub.RunAsync("Work", "input", "a");

        IList<HistoryEvent> history = await hub.Client.GetOrchestrationHistoryAsync("a", TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                EventType.OrchestratorStarted, EventType.ExecutionStarted, EventType.TaskScheduled, EventType.OrchestratorCompleted,
                EventType.OrchestratorStarted, EventType.TaskCompleted, EventType.ExecutionCompleted, EventType.OrchestratorCompleted,
            ],
            history.Select(e => e.EventType));
        Assert.Equal("\"input\"", ((ExecutionStartedEvent)history[1]).Input);
        Assert.Equal("[7]", ((TaskScheduledEvent)history[2]).Input);
        Assert.Equal("7", ((TaskCompletedEvent)history[5]).Result);
    }

    [Fact]
    public async Task The_History_Of_An_Unknown_Instance_Is_Not_Found()
    {
        await using TestHub hub = await new TestHub().StartAsync();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => hub.Client.GetOrchestrationHistoryAsync("nobody", TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task An_Activity_Fails_With_The_Details_That_The_Host_Describes_It_With()
    {
        await using TestHub hub = await new TestHub
        {
            Configure = o =>
                o.DescribeFailure = _ =>
                    new("Microsoft.Azure.WebJobs.Host.FunctionInvocationException", "The worker died.", null, null, isNonRetriable: false),
        }
            .Activity<int, int>("Throw", _ => throw new InvalidOperationException("no"))
            .Orchestrator("Work", context => context.CallActivityAsync<int>("Throw", 1)).StartAsync();
        Assert.Contains("The worker died.", (await hub.RunAsync("Work")).SerializedOutput, StringComparison.Ordinal);
    }
}
