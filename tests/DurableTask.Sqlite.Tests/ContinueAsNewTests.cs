using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class ContinueAsNewTests
{
    [Theory, BothWays]
    public async Task Runs_Again_With_Another_Input_And_An_Empty_History(int cached)
    {
        await using TestHub hub = await Engine(cached).Orchestrator("Count", async context =>
        {
            int n = context.GetInput<int>();
            n = await context.CallActivityAsync<int>("Next", n);
            if (n < 50)
            {
                context.ContinueAsNew(n);
            }

            return n;
        }).StartAsync();

        OrchestrationMetadata ended = await hub.RunAsync("Count", 0, "a");

        Assert.Equal("50", ended.SerializedOutput);
        Assert.Equal("49", ended.SerializedInput);
    }

    [Theory]
    [InlineData(true, 10_000)]
    [InlineData(true, 0)]
    [InlineData(false, 10_000)]
    [InlineData(false, 0)]
    public async Task Keeps_Or_Drops_Events_Nobody_Waited_For(bool preserve, int cached)
    {
        await using TestHub hub = await Engine(cached).Orchestrator("Again", async context =>
        {
            if (context.GetInput<int>() == 0)
            {
                await context.WaitForExternalEvent<string>("Go");
                context.ContinueAsNew(1, preserve);
                return string.Empty;
            }

            context.SetCustomStatus("second");
            return await context.WaitForExternalEvent<string>("Item");
        }).StartAsync();
        await hub.BeginAsync("Again", 0, "a");
        await hub.RaiseAsync("a", "Item", "kept");
        await hub.RaiseAsync("a", "Go");
        await hub.IdleAsync();
        await hub.RestartAsync();
        await hub.IdleAsync();
        if (!preserve)
        {
            Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);
            await hub.RaiseAsync("a", "Item", "new");
        }

        Assert.Equal(preserve ? "kept" : "new", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_Result_Meant_For_The_Generation_Before_Is_Not_Given_To_The_Next()
    {
        await using TestHub hub = await Engine().Orchestrator("Renew", async context =>
        {
            int n = context.GetInput<int>();
            int result = await context.CallActivityAsync<int>("Next", n * 10);
            if (n == 0)
            {
                context.ContinueAsNew(1);
            }

            return result;
        }).StartAsync();
        Assert.Equal("11", (await hub.RunAsync("Renew", 0)).SerializedOutput);
    }

    [Fact]
    public async Task A_New_Version_Takes_Over()
    {
        await using TestHub hub = await Engine().Orchestrator("Versioned", context =>
        {
            if (context.Version == "1.0")
            {
                context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
            }

            return Task.FromResult(context.Version);
        }).StartAsync();
        await hub.BeginAsync("Versioned", null, new StartOrchestrationOptions("a") { Version = "1.0" });
        Assert.Equal("2.0", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    private static TestHub Engine(int cached = 10_000) =>
        new TestHub { Configure = o => o.MaxCachedHistories = cached }.Activity<int, int>("Next", n => n + 1);
}
