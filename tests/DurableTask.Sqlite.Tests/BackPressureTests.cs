using DurableTask.Sqlite.Storage;
using Grpc.Core;
using Microsoft.DurableTask;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class BackPressureTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_That_Wait_For_Room_To_Begin_Still_Hear_Their_Clients()
    {
        TaskCompletionSource go = new();
        await using TestHub hub = new TestHub()
            .Activity<int, int>("Hold", async (n, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return n;
            })
            .Orchestrator("Crowd", context => Task.WhenAll(Enumerable.Range(0, 3).Select(n => context.CallActivityAsync<int>("Hold", n))))
            .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"));
        hub.Configure = o => (o.MaxConcurrentActivities, o.MaxActivityBacklog) = (1, 1);
        await hub.StartAsync();
        await hub.BeginAsync("Crowd", id: "crowd");
        Assert.True(SpinWait.SpinUntil(() => hub.Hub.Service!.HoldsNewInstances, s_patience));
        foreach (string id in (string[])["stopped", "told", "quiet"])
        {
            await hub.BeginAsync("Wait", id: id);
        }

        await hub.TerminateAsync("stopped").WaitAsync(s_patience, Stop);
        await hub.RaiseAsync("told", "Go", "yes").WaitAsync(s_patience, Stop);

        Assert.Equal(Terminated, (await hub.GetAsync("stopped")).RuntimeStatus);
        Assert.Equal("yes", (await hub.EndAsync("told")).ReadOutputAs<string>());
        Assert.Equal(Pending, (await hub.GetAsync("quiet")).RuntimeStatus);
        go.SetResult();
        await hub.IdleAsync();
        Assert.Equal(Running, (await hub.GetAsync("quiet")).RuntimeStatus);
        Assert.Equal(Completed, (await hub.GetAsync("crowd")).RuntimeStatus);
    }

    [Fact]
    public async Task Nothing_Runs_Ahead_Of_A_Disk_That_Takes_Nothing()
    {
        int runs = 0;
        await using TestHub hub = await new TestHub()
            .Activity<int, int>("Next", n => Interlocked.Increment(ref runs))
            .Orchestrator("Loop", async context =>
            {
                if (await context.CallActivityAsync<int>("Next", 0) < 500)
                {
                    context.ContinueAsNew();
                }
            }).StartAsync();
        await hub.BeginAsync("Loop", id: "a");
        using (SqliteDatabase other = SqliteDatabase.Open(hub.DatabasePath))
        {
            other.Execute("BEGIN IMMEDIATE");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
            int before = Volatile.Read(ref runs);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
            Assert.InRange(Volatile.Read(ref runs) - before, 0, 1);
            other.Execute("ROLLBACK");
        }

        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
        Assert.Equal(500, runs);
    }
}
