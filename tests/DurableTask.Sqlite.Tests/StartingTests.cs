using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class StartingTests
{
    private static readonly DateTimeOffset s_tomorrow = new(2030, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Pending)]
    [InlineData(Running)]
    [InlineData(Suspended)]
    public async Task An_Unfinished_Instance_Keeps_Its_Id(OrchestrationRuntimeStatus status)
    {
        await using TestHub hub = await Waiting(new FakeTimeProvider(s_tomorrow.AddDays(-1))).StartAsync();
        await hub.BeginAsync("Wait", "first", new StartOrchestrationOptions("a", status is Pending ? s_tomorrow : null));
        await hub.IdleAsync();
        if (status is Suspended)
        {
            await hub.SuspendAsync("a");
        }

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => hub.BeginAsync("Wait", "second", new StartOrchestrationOptions("a").WithDedupeStatuses(Pending, Running, Suspended)));
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.BeginAsync("Wait", "third", "a"));

        OrchestrationMetadata found = await hub.GetAsync("a");
        Assert.Equal(status, found.RuntimeStatus);
        Assert.Equal("first", found.ReadInputAs<string>());
    }

    [Theory]
    [InlineData(Completed)]
    [InlineData(Failed)]
    [InlineData(Terminated)]
    public async Task A_Finished_Instance_Runs_Again_And_Its_Past_Is_Replaced(OrchestrationRuntimeStatus status)
    {
        await using TestHub hub = await Ending().StartAsync();
        await EndAsync(hub, status);

        OrchestrationMetadata again = await hub.RunAsync("Echo", "again", "a");

        Assert.Equal(Completed, again.RuntimeStatus);
        Assert.Equal("again", again.ReadInputAs<string>());
        Assert.Equal("again", again.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(Completed)]
    [InlineData(Failed)]
    [InlineData(Terminated)]
    public async Task A_Finished_Instance_Is_Kept_When_Its_Status_Is_Among_The_Dedupe_Statuses(OrchestrationRuntimeStatus status)
    {
        await using TestHub hub = await Ending().StartAsync();
        await EndAsync(hub, status);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => hub.BeginAsync("Echo", "again", new StartOrchestrationOptions("a").WithDedupeStatuses(Pending, Running, status)));

        Assert.Equal(status, (await hub.GetAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Of_64_Starts_Of_One_Id_At_Once_One_Runs()
    {
        int runs = 0;
        await using TestHub hub = await Waiting().Activity<string, int>("Count", _ => Interlocked.Increment(ref runs))
            .Orchestrator("Once", async context =>
            {
                await context.CallActivityAsync<int>("Count", "x");
                await context.WaitForExternalEvent<string>("Go");
            }).StartAsync();

        Task<string>[] starts =
            [.. Enumerable.Range(0, 64).Select(n => Task.Run(() => hub.BeginAsync("Once", n, "a"), TestContext.Current.CancellationToken))];
        await Task.WhenAny(Task.WhenAll(starts),
            Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken));
        await hub.RaiseAsync("a", "Go");
        await hub.EndAsync("a");

        Assert.Equal(1, runs);
        Assert.Equal(1, starts.Count(s => s.IsCompletedSuccessfully));
        Assert.All(starts.Where(s => s.IsFaulted), s => Assert.IsType<OrchestrationAlreadyExistsException>(s.Exception!.InnerException));
    }

    [Fact]
    public async Task A_Start_In_The_Future_Stays_Pending_Until_Then()
    {
        FakeTimeProvider clock = new(s_tomorrow.AddDays(-1));
        await using TestHub hub = await Ending(clock).StartAsync();
        await hub.BeginAsync("Echo", "later", new StartOrchestrationOptions("a", s_tomorrow));
        await hub.IdleAsync();
        Assert.Equal(Pending, (await hub.GetAsync("a")).RuntimeStatus);
        Assert.Equal(s_tomorrow, hub.Hub.NextTimer);

        await hub.RestartAsync();
        clock.SetUtcNow(s_tomorrow);

        Assert.Equal("later", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("acme:web-site:42")]
    [InlineData("with/slash\\and#hash?and'quote\"and;semicolon")]
    [InlineData("ünïcödé 🚀")]
    public async Task Ids_Of_Any_Shape_Run(string id)
    {
        await using TestHub hub = await Ending().StartAsync();
        Assert.Equal(id, (await hub.RunAsync("Echo", "x", id)).InstanceId);
    }

    [Fact]
    public async Task An_Id_Of_300_Characters_Runs()
    {
        await using TestHub hub = await Ending().StartAsync();
        Assert.Equal(Completed, (await hub.RunAsync("Echo", "x", new string('i', 300))).RuntimeStatus);
    }

    [Fact]
    public async Task An_Id_With_A_Leading_At_Is_Refused()
    {
        await using TestHub hub = await Ending().StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => hub.BeginAsync("Echo", "x", "@entity"));
    }

    [Fact]
    public async Task Without_An_Id_One_Is_Made()
    {
        await using TestHub hub = await Ending().StartAsync();
        Assert.Matches("^[0-9a-f]{32}$", (await hub.RunAsync("Echo")).InstanceId);
    }

    [Fact]
    public async Task An_Orchestrator_That_Does_Not_Exist_Is_Refused()
    {
        await using TestHub hub = await Ending().StartAsync();
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(() => hub.BeginAsync("Nobody"));
        Assert.Contains("'Nobody' doesn't exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Input_Over_The_Limit_Is_Refused_With_Both_Sizes()
    {
        TestHub configured = Ending();
        configured.Configure = o => o.MaxPayloadBytes = 1_000;
        await using TestHub hub = await configured.StartAsync();
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(() => hub.BeginAsync("Echo", new string('x', 2_000)));
        Assert.Contains("2,002", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1,000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_Are_Kept()
    {
        await using TestHub hub = await Ending().StartAsync();
        await hub.BeginAsync("Echo", "x",
            new StartOrchestrationOptions("a") { Tags = new Dictionary<string, string> { ["source"] = "webhook" } });
        Assert.Equal("webhook", (await hub.EndAsync("a")).Tags["source"]);
    }

    private static async Task EndAsync(TestHub hub, OrchestrationRuntimeStatus status)
    {
        await hub.BeginAsync(status switch { Completed => "Echo", Failed => "Fail", _ => "Wait" }, "first", "a");
        if (status is Terminated)
        {
            await hub.TerminateAsync("a");
        }

        await hub.EndAsync("a");
    }

    private static TestHub Waiting(TimeProvider? clock = null) =>
        new TestHub(clock).Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"));

    private static TestHub Ending(TimeProvider? clock = null) => Waiting(clock)
        .Orchestrator("Echo", context => Task.FromResult(context.GetInput<string>()))
        .Orchestrator("Fail", _ => throw new InvalidOperationException("no"));
}
