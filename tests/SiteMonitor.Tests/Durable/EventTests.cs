using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class EventTests
{
    [Fact]
    public async Task To_An_Unknown_Instance_Is_Not_Found()
    {
        await using TestEngine engine = await Collecting().StartAsync();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("nobody", "Item", "x"));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task To_A_Finished_Instance_Fails_Its_Precondition()
    {
        await using TestEngine engine = await Collecting().StartAsync();
        await engine.RunAsync("Collect", 0, "a");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("a", "Item", "x"));
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
    }

    [Theory, BothWays]
    public async Task To_A_Pending_Instance_Is_Kept_Until_It_Runs(int live)
    {
        FakeTimeProvider clock = new();
        await using TestEngine engine = await Collecting(live, clock).StartAsync();
        await engine.BeginAsync("Collect", 2, new StartOrchestrationOptions("a", clock.GetUtcNow().AddHours(1)));
        await engine.RaiseAsync("a", "Item", "one");
        await engine.RestartAsync();
        await engine.RaiseAsync("a", "Item", "two");
        await engine.IdleAsync();
        Assert.Equal(Pending, (await engine.GetAsync("a")).RuntimeStatus);

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("one,two", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Names_Differ_In_More_Than_Case(int live)
    {
        await using TestEngine engine = await Collecting(live).StartAsync();
        await engine.BeginAsync("Collect", 2, "a");
        await engine.RaiseAsync("a", "ITEM", "one");
        await engine.RaiseAsync("a", "item", "two");
        Assert.Equal("one,two", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Raised_Before_Anybody_Waits_Are_Kept_In_Order(int live)
    {
        TaskCompletionSource go = new();
        await using TestEngine engine = await Collecting(live)
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
        await engine.BeginAsync("Late", id: "a");
        foreach (string item in (string[])["one", "two", "three"])
        {
            await engine.RaiseAsync("a", "Item", item);
        }

        go.SetResult();

        Assert.Equal("one,two,three", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Raised_And_Never_Waited_For_Is_Accepted_And_Lost()
    {
        TaskCompletionSource go = new();
        await using TestEngine engine = await new TestEngine()
            .Activity<int, int>("Last", async (n, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return n;
            })
            .Orchestrator("Ending", context => context.CallActivityAsync<int>("Last", 1)).StartAsync();
        await engine.BeginAsync("Ending", id: "a");

        await engine.RaiseAsync("a", "Item", "lost");
        go.SetResult();

        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task A_Wait_With_A_Timeout_Ends_Cancelled(int live)
    {
        FakeTimeProvider clock = new();
        await using TestEngine engine = await Collecting(live, clock).Orchestrator("Patient", async context =>
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
        await engine.BeginAsync("Patient", id: "a");
        await engine.IdleAsync();

        clock.SetUtcNow(engine.Engine.NextTimer!.Value);

        Assert.Equal("gave up", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task A_Wait_With_A_Timeout_Takes_The_Event_And_Leaves_No_Timer(int live)
    {
        await using TestEngine engine = await Collecting(live).Orchestrator(
            "Patient", context => context.WaitForExternalEvent<string>("Answer", TimeSpan.FromDays(2))).StartAsync();
        await engine.BeginAsync("Patient", id: "a");

        await engine.RaiseAsync("a", "Answer", "yes");

        Assert.Equal("yes", (await engine.EndAsync("a")).ReadOutputAs<string>());
        Assert.Null(engine.Engine.NextTimer);
    }

    [Theory, BothWays]
    public async Task A_Waiter_That_Gave_Up_Takes_No_Event(int live)
    {
        FakeTimeProvider clock = new();
        await using TestEngine engine = await Collecting(live, clock).Orchestrator("Twice", async context =>
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
        await engine.BeginAsync("Twice", id: "a");
        await engine.IdleAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        await engine.IdleAsync();

        await engine.RaiseAsync("a", "Item", "x");

        Assert.Equal("second: x", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task One_Orchestration_Sends_To_Another(int live)
    {
        await using TestEngine engine = await Collecting(live).Orchestrator("Send", context =>
        {
            context.SendEvent(context.GetInput<string>()!, "Item", "hello");
            return Task.CompletedTask;
        }).StartAsync();
        await engine.BeginAsync("Collect", 1, "receiver");
        await engine.RunAsync("Send", "receiver");
        Assert.Equal("hello", (await engine.EndAsync("receiver")).ReadOutputAs<string>());
    }

    private static TestEngine Collecting(int live = 10_000, TimeProvider? clock = null) =>
        new TestEngine(clock) { Configure = o => o.MaxLiveOrchestrations = live }
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
