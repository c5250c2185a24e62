using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task To_An_Unknown_Instance_Is_Not_Found()
    {
        await using TestHub hub = await Collecting().StartAsync();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => hub.RaiseAsync("nobody", "Item", "x"));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task To_A_Finished_Instance_Fails_Its_Precondition()
    {
        await using TestHub hub = await Collecting().StartAsync();
        await hub.RunAsync("Collect", 0, "a");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => hub.RaiseAsync("a", "Item", "x"));
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
    }

    [Theory, BothWays]
    public async Task To_A_Pending_Instance_Is_Kept_Until_It_Runs(int cached)
    {
        FakeTimeProvider clock = new();
        await using TestHub hub = await Collecting(cached, clock).StartAsync();
        await hub.BeginAsync("Collect", 2, new StartOrchestrationOptions("a", clock.GetUtcNow().AddHours(1)));
        await hub.RaiseAsync("a", "Item", "one");
        await hub.RestartAsync();
        await hub.RaiseAsync("a", "Item", "two");
        await hub.IdleAsync();
        Assert.Equal(Pending, (await hub.GetAsync("a")).RuntimeStatus);

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("one,two", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Names_Differ_In_More_Than_Case(int cached)
    {
        await using TestHub hub = await Collecting(cached).StartAsync();
        await hub.BeginAsync("Collect", 2, "a");
        await hub.RaiseAsync("a", "ITEM", "one");
        await hub.RaiseAsync("a", "item", "two");
        Assert.Equal("one,two", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Raised_Before_Anybody_Waits_Are_Kept_In_Order(int cached)
    {
        TaskCompletionSource go = new();
        await using TestHub hub = await Collecting(cached)
            .Activity<int, int>("Hold", async (n, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return n;
            })
            .Orchestrator("Late", async context =>
            {
                await context.CallActivityAsync<int>("Hold", 1);
                return await CollectAsync(context, 3);
            }).StartAsync();
        await hub.BeginAsync("Late", id: "a");
        foreach (string item in (string[])["one", "two", "three"])
        {
            await hub.RaiseAsync("a", "Item", item);
        }

        go.SetResult();

        Assert.Equal("one,two,three", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Raised_And_Never_Waited_For_Is_Accepted_And_Lost()
    {
        TaskCompletionSource go = new();
        await using TestHub hub = await new TestHub()
            .Activity<int, int>("Last", async (n, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return n;
            })
            .Orchestrator("Ending", context => context.CallActivityAsync<int>("Last", 1)).StartAsync();
        await hub.BeginAsync("Ending", id: "a");

        await hub.RaiseAsync("a", "Item", "lost");
        go.SetResult();

        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task A_Wait_With_A_Timeout_Ends_Cancelled(int cached)
    {
        FakeTimeProvider clock = new();
        await using TestHub hub = await Collecting(cached, clock).Orchestrator("Patient", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("Never", TimeSpan.FromDays(2));
            }
            catch (TaskCanceledException)
            {
                return "gave up";
            }
        }).StartAsync();
        await hub.BeginAsync("Patient", id: "a");
        await hub.IdleAsync();

        clock.SetUtcNow(hub.Hub.NextTimer!.Value);

        Assert.Equal("gave up", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task A_Wait_With_A_Timeout_Takes_The_Event_And_Leaves_No_Timer(int cached)
    {
        await using TestHub hub = await Collecting(cached).Orchestrator(
            "Patient", context => context.WaitForExternalEvent<string>("Answer", TimeSpan.FromDays(2))).StartAsync();
        await hub.BeginAsync("Patient", id: "a");

        await hub.RaiseAsync("a", "Answer", "yes");

        Assert.Equal("yes", (await hub.EndAsync("a")).ReadOutputAs<string>());
        Assert.Null(hub.Hub.NextTimer);
    }

    [Theory, BothWays]
    public async Task A_Waiter_That_Gave_Up_Takes_No_Event(int cached)
    {
        FakeTimeProvider clock = new();
        await using TestHub hub = await Collecting(cached, clock).Orchestrator("Twice", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("Item", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                return "second: " + await context.WaitForExternalEvent<string>("Item");
            }
        }).StartAsync();
        await hub.BeginAsync("Twice", id: "a");
        await hub.IdleAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        await hub.IdleAsync();

        await hub.RaiseAsync("a", "Item", "x");

        Assert.Equal("second: x", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task One_Orchestration_Sends_To_Another(int cached)
    {
        await using TestHub hub = await Collecting(cached).Orchestrator("Send", context =>
        {
            context.SendEvent(context.GetInput<string>()!, "Item", "hello");
            return Task.CompletedTask;
        }).StartAsync();
        await hub.BeginAsync("Collect", 1, "receiver");
        await hub.RunAsync("Send", "receiver");
        Assert.Equal("hello", (await hub.EndAsync("receiver")).ReadOutputAs<string>());
    }

    private static TestHub Collecting(int cached = 10_000, TimeProvider? clock = null) =>
        new TestHub(clock) { Configure = o => o.MaxCachedHistories = cached }
            .Orchestrator("Collect", context => CollectAsync(context, context.GetInput<int>()));

    private static async Task<string> CollectAsync(TaskOrchestrationContext context, int count)
    {
        List<string> items = [];
        while (items.Count < count)
        {
            items.Add(await context.WaitForExternalEvent<string>("Item"));
        }

        return string.Join(',', items);
    }
}
