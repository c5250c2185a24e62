using Grpc.Core;
using SiteMonitor.LocalHost.Durable.Storage;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class BackPressureTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_That_Wait_For_Room_To_Begin_Still_Hear_Their_Clients()
    {
        TaskCompletionSource go = new();
        await using TestEngine engine = new TestEngine()
            .Activity<int, int>("Hold", async (n, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return n;
            })
            .Orchestrator("Crowd", context => Task.WhenAll(Enumerable.Range(0, 3).Select(n => context.CallActivityAsync<int>("Hold", n))))
            .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"));
        engine.Configure = o => (o.MaxConcurrentActivities, o.MaxActivityBacklog) = (1, 1);
        await engine.StartAsync();
        await engine.BeginAsync("Crowd", id: "crowd");
        Assert.True(SpinWait.SpinUntil(() => engine.Engine.Core.Activities.IsCrowded, s_patience));
        foreach (string id in (string[])["stopped", "told", "quiet"])
        {
            await engine.BeginAsync("Wait", id: id);
        }

        await engine.TerminateAsync("stopped").WaitAsync(s_patience, Stop);
        await engine.RaiseAsync("told", "Go", "yes").WaitAsync(s_patience, Stop);

        Assert.Equal(Terminated, (await engine.GetAsync("stopped")).RuntimeStatus);
        Assert.Equal("yes", (await engine.EndAsync("told")).ReadOutputAs<string>());
        Assert.Equal(Pending, (await engine.GetAsync("quiet")).RuntimeStatus);
        go.SetResult();
        await engine.IdleAsync();
        Assert.Equal(Running, (await engine.GetAsync("quiet")).RuntimeStatus);
        Assert.Equal(Completed, (await engine.GetAsync("crowd")).RuntimeStatus);
    }

    [Fact]
    public async Task An_Orchestration_That_Never_Waits_Does_Not_Run_Away_From_A_Disk_That_Takes_Nothing()
    {
        const int Generations = 30_000;
        int turns = 0;
        await using TestEngine engine = await new TestEngine().Orchestrator("Loop", context =>
        {
            if (Interlocked.Increment(ref turns) < Generations)
            {
                context.ContinueAsNew();
            }

            return Task.CompletedTask;
        }).StartAsync();
        using (SqliteDatabase other = SqliteDatabase.Open(engine.DatabasePath))
        {
            other.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<RpcException>(() => engine.BeginAsync("Loop", id: "a"));
            Assert.True(SpinWait.SpinUntil(() => engine.Engine.Core.Writer.IsCrowded, s_patience));
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Stop);
            Assert.InRange(Volatile.Read(ref turns), 1_000, 15_000);
            other.Execute("ROLLBACK");
        }

        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
        Assert.Equal(Generations, turns);
    }
}
