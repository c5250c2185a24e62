using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class StoppingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_That_Wait_For_An_Instance_Are_Told_That_The_Engine_Stops()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("Wait", id: "running");
        await hub.BeginAsync("Wait", null, new StartOrchestrationOptions("pending", TimeProvider.System.GetUtcNow().AddHours(1)));
        Task[] waiting =
        [
            hub.Client.WaitForInstanceCompletionAsync("running", Stop),
            hub.Client.WaitForInstanceStartAsync("pending", Stop),
        ];

        await hub.StopAsync();

        foreach (Task wait in waiting)
        {
            Assert.Equal(StatusCode.Unavailable,
                (await Assert.ThrowsAsync<RpcException>(() => wait.WaitAsync(s_patience, Stop))).StatusCode);
        }
    }

    [Fact]
    public async Task A_Request_To_An_Orchestrator_That_Blocks_Is_Answered_When_The_Engine_Stops()
    {
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim go = new();
        await using TestHub hub = Engine().Orchestrator("Block", async context =>
        {
            await context.WaitForExternalEvent<string>("Begin");
            entered.Set();
            go.Wait(s_patience);
        });
        hub.Configure = o => o.StopTimeout = TimeSpan.FromMilliseconds(200);
        await hub.StartAsync();
        await hub.BeginAsync("Block", id: "a");
        await hub.RaiseAsync("a", "Begin");
        Assert.True(entered.Wait(s_patience, Stop));
        Task told = hub.SuspendAsync("a");

        await hub.StopAsync().WaitAsync(s_patience, Stop);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => told.WaitAsync(s_patience, Stop))).StatusCode);
        go.Set();
    }

    [Fact]
    public async Task An_Activity_That_Fails_Because_The_Host_Stops_Runs_Again_And_Its_Orchestrator_Sees_No_Failure()
    {
        int runs = 0;
        TaskCompletionSource entered = new();
        await using TestHub hub = await Engine().Activity<int, int>("Work", async (n, stop) =>
        {
            if (Interlocked.Increment(ref runs) > 1)
            {
                return n;
            }

            entered.SetResult();
            await Assert.ThrowsAsync<TaskCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
            throw new InvalidOperationException("The connection was lost.");
        }).StartAsync();
        await hub.BeginAsync("CallWork", 7, "a");
        await entered.Task.WaitAsync(s_patience, Stop);

        await hub.RestartAsync();

        Assert.Equal("7", (await hub.EndAsync("a")).SerializedOutput);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Results_That_Come_While_The_Host_Stops_Are_Kept()
    {
        const int Instances = 400;
        int runs = 0;
        await using TestHub hub = Engine().Activity<int, int>("Work", async (n, stop) =>
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return n;
        });
        hub.Configure = o => o.MaxConcurrentActivities = Instances;
        await hub.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Instances).Select(n => hub.BeginAsync("CallWork", n, $"i{n}")));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref runs) == Instances, s_patience));

        await hub.RestartAsync();
        await hub.IdleAsync();

        Assert.Equal(Instances, runs);
        Assert.Equal(Instances, (await hub.ListAsync(new OrchestrationQuery(Statuses: [Completed]))).Count);
    }

    private static TestHub Engine() => new TestHub()
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("CallWork", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()));
}
