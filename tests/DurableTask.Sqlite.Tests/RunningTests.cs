using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DurableTask.Sqlite.Tests;

/// <summary>Every test runs with orchestrators kept in memory, and replayed at each step.</summary>
public sealed class RunningTests
{
    public static TheoryData<int> Live => [10_000, 0];

    [Theory, MemberData(nameof(Live))]
    public async Task Activities_Run_In_Order_And_Their_Results_Come_Back(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Activity<string, string>("Hello", name => $"Hello {name}")
            .Orchestrator("Greet", async context =>
            {
                string first = await context.CallActivityAsync<string>("Hello", context.GetInput<string>());
                return await context.CallActivityAsync<string>("hello", first);
            })
            .StartAsync();

        OrchestrationMetadata ended = await hub.RunAsync("Greet", "Ada");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal("Hello Hello Ada", ended.ReadOutputAs<string>());
        Assert.Equal("Ada", ended.ReadInputAs<string>());
    }

    [Theory, MemberData(nameof(Live))]
    public async Task Activities_Fan_Out_And_In(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Activity<int, int>("Square", n => n * n)
            .Orchestrator("Sum", async context =>
            {
                int[] squares = await Task.WhenAll(Enumerable.Range(1, 100).Select(n => context.CallActivityAsync<int>("Square", n)));
                return squares.Sum();
            })
            .StartAsync();

        OrchestrationMetadata ended = await hub.RunAsync("Sum");

        Assert.Equal(338_350, ended.ReadOutputAs<int>());
    }

    [Theory, MemberData(nameof(Live))]
    public async Task Work_Goes_On_After_A_Restart(int cached)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int runs = 0;
        await using TestHub hub = Engine(cached)
            .Activity<int, int>("First", n => n + 1)
            .Activity<int, int>("Second", async (n, stop) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    reached.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                }

                return n * 10;
            })
            .Orchestrator("Two", async context =>
                await context.CallActivityAsync<int>("Second", await context.CallActivityAsync<int>("First", 1)));
        await hub.StartAsync();
        await hub.BeginAsync("Two", id: "a");
        await reached.Task;

        await hub.RestartAsync();
        OrchestrationMetadata ended = await hub.EndAsync("a");

        Assert.Equal(20, ended.ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    private static TestHub Engine(int cached) => new() { Configure = o => o.MaxCachedHistories = cached };
}
