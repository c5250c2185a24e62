using Grpc.Core;
using Microsoft.DurableTask;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>External events, as seen on the Functions host.</summary>
public sealed class EventConformanceTests
{
    [Theory, OnBothHosts(InProcessDiffers = "Accepted without effect.")]
    public async Task To_An_Unknown_Instance_Is_Not_Found(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        Assert.Equal(StatusCode.NotFound,
            (await Assert.ThrowsAsync<RpcException>(() => host.RaiseAsync("nobody", "Item", "x"))).StatusCode);
    }

    [Theory, OnBothHosts(InProcessDiffers = "Accepted without effect.")]
    public async Task To_A_Finished_Instance_Fails_Its_Precondition(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Collect", 0, "a");
        Assert.Equal(StatusCode.FailedPrecondition,
            (await Assert.ThrowsAsync<RpcException>(() => host.RaiseAsync("a", "Item", "x"))).StatusCode);
    }

    [Theory, OnBothHosts]
    public async Task To_A_Pending_Instance_Is_Accepted(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.BeginAsync("Collect", 1, new StartOrchestrationOptions("a", TimeProvider.System.GetUtcNow().AddSeconds(1)));
        await host.RaiseAsync("a", "Item", "early");
        Assert.Equal("early", (await host.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task Names_Do_Not_Differ_By_Case_And_Events_Are_Kept_In_Order(HostKind kind)
    {
        TaskCompletionSource go = new();
        await using ConformanceHost host = await Host(kind)
            .AsyncActivity<int, int>("Hold", async n =>
            {
                await go.Task;
                return n;
            })
            .Orchestrator<int, string>("Late", async (context, _) =>
            {
                await context.CallActivityAsync<int>("Hold", 1);
                return await CollectAsync(context, 3);
            }).StartAsync();
        await host.BeginAsync("Late", id: "a");
        await host.RaiseAsync("a", "ITEM", "one");
        await host.RaiseAsync("a", "item", "two");
        await host.RaiseAsync("a", "Item", "three");
        go.SetResult();
        Assert.Equal("one,two,three", (await host.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task Raised_During_The_Last_Activity_And_Never_Waited_For_Is_Lost(HostKind kind)
    {
        TaskCompletionSource go = new();
        await using ConformanceHost host = await Host(kind)
            .AsyncActivity<int, int>("Last", async n =>
            {
                await go.Task;
                return n;
            })
            .Orchestrator<int, int>("Ending", async (context, _) => await context.CallActivityAsync<int>("Last", 7)).StartAsync();
        await host.BeginAsync("Ending", id: "a");
        await host.ReachAsync("a", Running);
        await host.RaiseAsync("a", "Item", "lost");
        go.SetResult();
        Assert.Equal(7, (await host.EndAsync("a")).ReadOutputAs<int>());
    }

    [Theory, OnBothHosts(InProcessDiffers = "Drops them.")]
    public Task Continue_As_New_Keeps_Unprocessed_Events(HostKind kind) => ContinueAsNewAsync(kind, preserve: true, expected: "early");

    [Theory, OnBothHosts]
    public Task Continue_As_New_Drops_Unprocessed_Events_When_Told_So(HostKind kind) =>
        ContinueAsNewAsync(kind, preserve: false, expected: "late");

    [Theory, OnBothHosts]
    public async Task A_Wait_With_A_Timeout_Is_Cancelled(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).Orchestrator<int, string>("Patient", async (context, _) =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("Never", TimeSpan.FromMilliseconds(300));
            }
            catch (TaskCanceledException)
            {
                return "gave up";
            }
        }).StartAsync();
        Assert.Equal("gave up", (await host.RunAsync("Patient")).ReadOutputAs<string>());
    }

    private static async Task ContinueAsNewAsync(HostKind kind, bool preserve, string expected)
    {
        await using ConformanceHost host = await Host(kind).Orchestrator<int, string>("Again", async (context, generation) =>
        {
            if (generation == 0)
            {
                await context.WaitForExternalEvent<string>("Go");
                context.ContinueAsNew(1, preserve);
                return null;
            }

            context.SetCustomStatus("second");
            return await context.WaitForExternalEvent<string>("Item");
        }).StartAsync();
        await host.BeginAsync("Again", 0, "a");
        await host.RaiseAsync("a", "Item", "early");
        await host.RaiseAsync("a", "Go");
        if (!preserve)
        {
            while ((await host.GetAsync("a")).SerializedCustomStatus is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            await host.RaiseAsync("a", "Item", "late");
        }

        Assert.Equal(expected, (await host.EndAsync("a")).ReadOutputAs<string>());
    }

    private static ConformanceHost Host(HostKind kind) => new ConformanceHost(kind)
        .Orchestrator<int, string>("Collect", async (context, count) => await CollectAsync(context, count));

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
