using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class ContinueAsNewTests
{
    [Theory, BothWays]
    public async Task Runs_Again_With_Another_Input_And_An_Empty_History(int live)
    {
        await using TestEngine engine = await Engine(live).Orchestrator("Count", async context =>
        {
            int n = context.GetInput<int>();
            n = await context.CallActivityAsync<int>("Next", n);
            if (n < 50)
            {
                context.ContinueAsNew(n);
            }

            return n;
        }).StartAsync();

        OrchestrationMetadata ended = await engine.RunAsync("Count", 0, "a");

        Assert.Equal("50", ended.SerializedOutput);
        Assert.Equal("49", ended.SerializedInput);
    }

    [Theory]
    [InlineData(true, 10_000)]
    [InlineData(true, 0)]
    [InlineData(false, 10_000)]
    [InlineData(false, 0)]
    public async Task Keeps_Or_Drops_Events_Nobody_Waited_For(bool preserve, int live)
    {
        await using TestEngine engine = await Engine(live).Orchestrator("Again", async context =>
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
        await engine.BeginAsync("Again", 0, "a");
        await engine.RaiseAsync("a", "Item", "kept");
        await engine.RaiseAsync("a", "Go");
        await engine.IdleAsync();
        await engine.RestartAsync();
        await engine.IdleAsync();
        if (!preserve)
        {
            Assert.Equal(Running, (await engine.GetAsync("a")).RuntimeStatus);
            await engine.RaiseAsync("a", "Item", "new");
        }

        Assert.Equal(preserve ? "kept" : "new", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_Result_Meant_For_The_Generation_Before_Is_Not_Given_To_The_Next()
    {
        await using TestEngine engine = await Engine().Orchestrator("Renew", async context =>
        {
            int n = context.GetInput<int>();
            int result = await context.CallActivityAsync<int>("Next", n * 10);
            if (n == 0)
            {
                context.ContinueAsNew(1);
            }

            return result;
        }).StartAsync();
        Assert.Equal("11", (await engine.RunAsync("Renew", 0)).SerializedOutput);
    }

    [Fact]
    public async Task A_New_Version_Takes_Over()
    {
        await using TestEngine engine = await Engine().Orchestrator("Versioned", context =>
        {
            if (context.Version == "1.0")
            {
                context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
            }

            return Task.FromResult(context.Version);
        }).StartAsync();
        await engine.BeginAsync("Versioned", null, new StartOrchestrationOptions("a") { Version = "1.0" });
        Assert.Equal("2.0", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    private static TestEngine Engine(int live = 10_000) => new TestEngine { Configure = o => o.MaxLiveOrchestrations = live }.Activity<int, int>("Next", n => n + 1);
}
