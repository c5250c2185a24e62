using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class StoppingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_That_Wait_For_An_Instance_Are_Told_That_The_Engine_Stops()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.BeginAsync("Wait", id: "running");
        await engine.BeginAsync("Wait", null, new StartOrchestrationOptions("pending", TimeProvider.System.GetUtcNow().AddHours(1)));
        Task[] waiting =
        [
            engine.Client.WaitForInstanceCompletionAsync("running", Stop),
            engine.Client.WaitForInstanceStartAsync("pending", Stop),
        ];

        await engine.StopAsync();

        foreach (Task wait in waiting)
        {
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => wait.WaitAsync(s_patience, Stop))).StatusCode);
        }
    }

    [Fact]
    public async Task A_Request_To_An_Orchestrator_That_Blocks_Is_Answered_When_The_Engine_Stops()
    {
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim go = new();
        await using TestEngine engine = Engine().Orchestrator("Block", async context =>
        {
            await context.WaitForExternalEvent<string>("Begin");
            entered.Set();
            go.Wait(s_patience);
        });
        engine.Configure = o => o.StopTimeout = TimeSpan.FromMilliseconds(200);
        await engine.StartAsync();
        await engine.BeginAsync("Block", id: "a");
        Task begun = engine.RaiseAsync("a", "Begin");
        Assert.True(entered.Wait(s_patience, Stop));
        Task told = engine.RaiseAsync("a", "More");

        await engine.StopAsync().WaitAsync(s_patience, Stop);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => told.WaitAsync(s_patience, Stop))).StatusCode);
        go.Set();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => begun.WaitAsync(s_patience, Stop))).StatusCode);
    }

    [Fact]
    public async Task An_Activity_That_Fails_Because_The_Host_Stops_Runs_Again_And_Its_Orchestrator_Sees_No_Failure()
    {
        int runs = 0;
        TaskCompletionSource entered = new();
        await using TestEngine engine = await Engine().Activity<int, int>("Work", async (n, stop) =>
        {
            if (Interlocked.Increment(ref runs) > 1)
            {
                return n;
            }

            entered.SetResult();
            await Assert.ThrowsAsync<TaskCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
            throw new InvalidOperationException("The connection was lost.");
        }).StartAsync();
        await engine.BeginAsync("CallWork", 7, "a");
        await entered.Task.WaitAsync(s_patience, Stop);

        await engine.RestartAsync();

        Assert.Equal("7", (await engine.EndAsync("a")).SerializedOutput);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Results_That_Come_While_The_Host_Stops_Are_Kept()
    {
        const int Instances = 400;
        int runs = 0;
        await using TestEngine engine = Engine().Activity<int, int>("Work", async (n, stop) =>
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return n;
        });
        engine.Configure = o => o.MaxConcurrentActivities = Instances;
        await engine.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Instances).Select(n => engine.BeginAsync("CallWork", n, $"i{n}")));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref runs) == Instances, s_patience));

        await engine.RestartAsync();
        await engine.IdleAsync();

        Assert.Equal(Instances, runs);
        Assert.Equal(Instances, (await engine.ListAsync(new OrchestrationQuery(Statuses: [Completed]))).Count);
    }

    [Fact]
    public async Task A_Listener_That_Hangs_Does_Not_Hold_Up_The_Stop()
    {
        using ManualResetEventSlim go = new();
        await using TestEngine engine = Engine();
        engine.Configure = o => o.StopTimeout = TimeSpan.FromMilliseconds(200);
        await engine.StartAsync();
        engine.Engine.InstanceChanged += _ => go.Wait(TimeSpan.FromMinutes(1));
        await engine.BeginAsync("Wait", id: "a");

        await engine.StopAsync().WaitAsync(s_patience, Stop);

        go.Set();
    }

    private static TestEngine Engine() => new TestEngine()
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("CallWork", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()));
}
