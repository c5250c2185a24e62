using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class FailureTests
{
    [Theory, BothWays]
    public async Task An_Activitys_Failure_Has_Type_Message_And_Inner_Failure(int cached)
    {
        TaskFailureDetails? seen = null;
        await using TestHub hub = await Engine(cached)
            .Activity<int, int>("Throw", _ => throw new InvalidOperationException("line 1\n\"line 2\"", new TimeoutException("inner")))
            .Orchestrator("Catch", async context =>
            {
                TaskFailedException failure = await Assert.ThrowsAsync<TaskFailedException>(() =>
                    context.CallActivityAsync<int>("Throw", 1));
                seen = failure.FailureDetails;
            }).StartAsync();

        Assert.Equal(Completed, (await hub.RunAsync("Catch")).RuntimeStatus);

        Assert.Equal("System.InvalidOperationException", seen!.ErrorType);
        Assert.Equal("line 1\n\"line 2\"", seen.ErrorMessage);
        Assert.Equal(("System.TimeoutException", "inner"), (seen.InnerFailure!.ErrorType, seen.InnerFailure.ErrorMessage));
        Assert.True(seen.IsCausedBy<InvalidOperationException>());
        Assert.False(seen.IsCausedBy<TimeoutException>());
    }

    [Fact]
    public async Task Of_An_Aggregate_The_First_Inner_Exception_Is_Kept()
    {
        TaskFailureDetails? seen = null;
        await using TestHub hub = await Engine()
            .Activity<int, int>("Throw", _ => throw new AggregateException(new TimeoutException("one"), new TimeoutException("two")))
            .Orchestrator("Catch", async context =>
                seen = (await Assert.ThrowsAsync<TaskFailedException>(() =>
                    context.CallActivityAsync<int>("Throw", 1))).FailureDetails).StartAsync();
        await hub.RunAsync("Catch");
        Assert.Equal("one", seen!.InnerFailure!.ErrorMessage);
        Assert.Null(seen.InnerFailure.InnerFailure);
    }

    [Fact]
    public async Task A_Failed_Instance_Shows_Type_And_Message_As_Its_Output()
    {
        await using TestHub hub = await Engine().Orchestrator("Throw", _ => throw new InvalidOperationException("broken")).StartAsync();
        OrchestrationMetadata ended = await hub.RunAsync("Throw");
        Assert.Equal(Failed, ended.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException: broken", ended.SerializedOutput);
        Assert.Null(ended.FailureDetails);
    }

    [Fact]
    public async Task An_Activity_That_Does_Not_Exist_Fails_Unknown()
    {
        TaskFailureDetails? seen = null;
        await using TestHub hub = await Engine().Orchestrator("Catch", async context =>
            seen = (await Assert.ThrowsAsync<TaskFailedException>(() =>
                context.CallActivityAsync<int>("Nobody", 1))).FailureDetails).StartAsync();
        await hub.RunAsync("Catch");
        Assert.Equal(("(unknown)", "(unknown)"), (seen!.ErrorType, seen.ErrorMessage));
    }

    [Fact]
    public async Task Of_Several_Failures_The_First_Is_Thrown_When_Awaited()
    {
        await using TestHub hub = await Engine()
            .Activity<int, int>("Throw", n => throw new InvalidOperationException($"number {n}"))
            .Orchestrator("All", context =>
                Task.WhenAll(context.CallActivityAsync<int>("Throw", 1), context.CallActivityAsync<int>("Throw", 2))).StartAsync();
        OrchestrationMetadata ended = await hub.RunAsync("All");
        Assert.Equal("Microsoft.DurableTask.TaskFailedException: Task 'Throw' (#0) failed with an unhandled exception: number 1",
            ended.SerializedOutput);
    }

    [Fact]
    public async Task A_Result_Of_Another_Type_Is_A_Json_Exception_In_The_Orchestrator()
    {
        await using TestHub hub = await Engine()
            .Activity<int, string>("Text", _ => "not a number")
            .Orchestrator("Number", context => context.CallActivityAsync<int>("Text", 1)).StartAsync();
        Assert.StartsWith("System.Text.Json.JsonException: ", (await hub.RunAsync("Number")).SerializedOutput, StringComparison.Ordinal);
    }

    [Theory, BothWays]
    public async Task A_Custom_Status_Over_16_KB_Fails_The_Instance(int cached)
    {
        await using TestHub hub = await Engine(cached).Activity<int, int>("Echo", n => n).Orchestrator("Status", async context =>
        {
            context.SetCustomStatus(new { step = 1 });
            await context.CallActivityAsync<int>("Echo", 1);
            context.SetCustomStatus(new string('s', 20_000));
            await context.CallActivityAsync<int>("Echo", 1);
        }).StartAsync();
        OrchestrationMetadata ended = await hub.RunAsync("Status");
        Assert.Equal(Failed, ended.RuntimeStatus);
        Assert.Contains("must not exceed 16 KB. The current payload is at 39 KB.", ended.SerializedOutput, StringComparison.Ordinal);
        Assert.Equal("""{"step":1}""", ended.SerializedCustomStatus);
    }

    [Fact]
    public async Task An_Activitys_Result_Over_The_Limit_Is_A_Failure_Of_That_Activity()
    {
        TestHub configured = Engine().Activity<int, string>("Large", n => new string('x', n))
            .Orchestrator("Get", context => context.CallActivityAsync<string>("Large", 5_000));
        configured.Configure = o => o.MaxPayloadBytes = 1_000;
        await using TestHub hub = await configured.StartAsync();
        Assert.Contains("the limit is 1,000", (await hub.RunAsync("Get")).SerializedOutput, StringComparison.Ordinal);
    }

    private static TestHub Engine(int cached = 10_000) => new() { Configure = o => o.MaxCachedHistories = cached };
}
