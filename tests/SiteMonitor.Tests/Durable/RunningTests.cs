using Microsoft.DurableTask.Client;

namespace SiteMonitor.Tests.Durable;

/// <summary>Every test runs with orchestrators kept in memory, and replayed at each step.</summary>
public sealed class RunningTests
{
    public static TheoryData<int> Live => [10_000, 0];

    [Theory, MemberData(nameof(Live))]
    public async Task Activities_Run_In_Order_And_Their_Results_Come_Back(int live)
    {
        await using TestEngine engine = await Engine(live)
            .Activity<string, string>("Hello", name => $"Hello {name}")
            .Orchestrator("Greet", async context =>
            {
                string first = await context.CallActivityAsync<string>("Hello", context.GetInput<string>());
                return await context.CallActivityAsync<string>("hello", first);
            })
            .StartAsync();

        OrchestrationMetadata ended = await engine.RunAsync("Greet", "Ada");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal("Hello Hello Ada", ended.ReadOutputAs<string>());
        Assert.Equal("Ada", ended.ReadInputAs<string>());
    }

    [Theory, MemberData(nameof(Live))]
    public async Task Activities_Fan_Out_And_In(int live)
    {
        await using TestEngine engine = await Engine(live)
            .Activity<int, int>("Square", n => n * n)
            .Orchestrator("Sum", async context =>
            {
                int[] squares = await Task.WhenAll(Enumerable.Range(1, 100).Select(n => context.CallActivityAsync<int>("Square", n)));
                return squares.Sum();
            })
            .StartAsync();

        OrchestrationMetadata ended = await engine.RunAsync("Sum");

        Assert.Equal(338_350, ended.ReadOutputAs<int>());
    }

    [Theory, MemberData(nameof(Live))]
    public async Task Work_Goes_On_After_A_Restart(int live)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int runs = 0;
        await using TestEngine engine = Engine(live)
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
            .Orchestrator("Two", async context => await context.CallActivityAsync<int>("Second", await context.CallActivityAsync<int>("First", 1)));
        await engine.StartAsync();
        await engine.BeginAsync("Two", id: "a");
        await reached.Task;

        await engine.RestartAsync();
        OrchestrationMetadata ended = await engine.EndAsync("a");

        Assert.Equal(20, ended.ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    private static TestEngine Engine(int live) => new() { Configure = o => o.MaxLiveOrchestrations = live };
}
