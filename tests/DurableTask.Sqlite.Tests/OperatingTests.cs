using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class OperatingTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, BothWays]
    public async Task What_Happens_While_Suspended_Is_Handled_On_Resume(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        await hub.BeginAsync("TimerThenEvent", id: "a");
        await hub.IdleAsync();
        await hub.SuspendAsync("a");
        await hub.RaiseAsync("a", "Go", "while suspended");
        _clock.Advance(TimeSpan.FromHours(1));
        await hub.IdleAsync();
        await hub.RestartAsync();
        await hub.IdleAsync();
        Assert.Equal(Suspended, (await hub.GetAsync("a")).RuntimeStatus);

        await hub.ResumeAsync("a");

        Assert.Equal("while suspended", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task A_Pending_Instance_Suspended_Begins_On_Resume(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        await hub.BeginAsync("Wait", null, new StartOrchestrationOptions("a", _clock.GetUtcNow().AddHours(1)));
        await hub.SuspendAsync("a");
        _clock.Advance(TimeSpan.FromHours(2));
        await hub.IdleAsync();
        await hub.RestartAsync();
        await hub.RaiseAsync("a", "Go", "yes");
        await hub.ResumeAsync("a");
        Assert.Equal("yes", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("terminate", StatusCode.FailedPrecondition)]
    [InlineData("suspend", StatusCode.Unknown)]
    [InlineData("resume", StatusCode.Unknown)]
    public async Task Operations_On_A_Finished_Or_Unknown_Instance_Are_Refused(string operation, StatusCode expected)
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("Wait", id: "a");
        await hub.TerminateAsync("a", "stopped");
        Func<string, Task> act = operation switch
        {
            "terminate" => id => hub.TerminateAsync(id),
            "suspend" => hub.SuspendAsync,
            _ => hub.ResumeAsync,
        };

        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => act("a"))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => act("nobody"))).StatusCode);
    }

    [Theory, BothWays]
    public async Task Terminated_Has_The_Given_Output_And_Its_Timers_Are_Gone(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        await hub.BeginAsync("TimerThenEvent", id: "a");
        await hub.IdleAsync();
        await hub.TerminateAsync("a", new { reason = "enough" });
        OrchestrationMetadata ended = await hub.EndAsync("a");
        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Equal("""{"reason":"enough"}""", ended.SerializedOutput);
        Assert.Null(hub.Hub.NextTimer);
    }

    [Fact]
    public async Task A_Result_That_Comes_After_The_Termination_Changes_Nothing()
    {
        TaskCompletionSource go = new();
        await using TestHub hub = await Engine().Activity<int, int>("Hold", async (n, stop) =>
        {
            await go.Task.WaitAsync(stop);
            return n;
        }).Orchestrator("Holding", context => context.CallActivityAsync<int>("Hold", 1)).StartAsync();
        await hub.BeginAsync("Holding", id: "a");
        await hub.TerminateAsync("a");
        go.SetResult();
        await hub.IdleAsync();
        Assert.Equal(Terminated, (await hub.GetAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Purging_Deletes_A_Finished_Instance_And_Refuses_A_Running_One()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("Wait", id: "a");
        await hub.IdleAsync();
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => hub.PurgeAsync("a"));
        Assert.StartsWith("Only orchestrations in a terminal state can be purged, ", failure.Message, StringComparison.Ordinal);
        await hub.SuspendAsync("a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.PurgeAsync("a"));
        await hub.TerminateAsync("a");

        Assert.Equal(1, await hub.PurgeAsync("a"));
        Assert.Equal(0, await hub.PurgeAsync("a"));
        Assert.Null(await hub.Client.GetInstanceAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Purging_By_Filter_Takes_What_Ended_And_Matches()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.RunAsync("Echo", 1, "old");
        _clock.Advance(TimeSpan.FromDays(2));
        await hub.RunAsync("Echo", 2, "new");
        await hub.BeginAsync("Wait", id: "running");
        PurgeResult purged = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, _clock.GetUtcNow().AddDays(-1)),
            TestContext.Current.CancellationToken);
        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Equal(["new", "running"], (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Statuses_That_Are_No_End_Purge_Nothing()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.RunAsync("Echo", 1, "ended");
        await hub.BeginAsync("Wait", id: "running");
        CancellationToken stop = TestContext.Current.CancellationToken;

        Assert.Equal(0,
            (await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, null, [Running, Pending]), stop)).PurgedInstanceCount);

        Assert.Equal(["ended", "running"], (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("retention")]
    public async Task More_Than_A_Page_Can_Be_Purged(string by)
    {
        TestHub configured = Engine();
        configured.Configure = o => o.Retention = by == "retention" ? TimeSpan.FromDays(7) : null;
        await using TestHub hub = await configured.StartAsync();
        await hub.BeginAsync("Wait", id: "running");
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(n => hub.BeginAsync("Echo", n)));
        await hub.IdleAsync();

        _clock.Advance(TimeSpan.FromDays(8));
        await hub.RunAsync("Echo", 1, "young");
        if (by == "filter")
        {
            PurgeResult purged = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, _clock.GetUtcNow().AddDays(-1)),
                TestContext.Current.CancellationToken);
            Assert.Equal(1_200, purged.PurgedInstanceCount);
        }

        await hub.IdleAsync();
        Assert.Equal(["running", "young"], (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Finished_Instances_Are_Kept_As_Long_As_Set()
    {
        TestHub configured = Engine();
        configured.Configure = o => o.Retention = TimeSpan.FromDays(7);
        await using TestHub hub = await configured.StartAsync();
        await hub.RunAsync("Echo", 1, "old");
        _clock.Advance(TimeSpan.FromDays(6));
        await hub.RunAsync("Echo", 1, "new");
        await hub.BeginAsync("Wait", id: "running");
        _clock.Advance(TimeSpan.FromDays(2));
        await hub.IdleAsync();
        Assert.Equal(["new", "running"], (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Listing_By_Prefix_Status_And_Time_Comes_In_Pages()
    {
        await using TestHub hub = await Engine().StartAsync();
        foreach (int n in Enumerable.Range(0, 25))
        {
            await hub.RunAsync("Echo", n, $"acme:site:{n:00}");
        }

        await hub.BeginAsync("Wait", id: "acme:site:running");
        await hub.RunAsync("Echo", 1, "acme:sitf");
        await hub.IdleAsync();

        Assert.Equal(26, (await hub.ListAsync(new OrchestrationQuery(InstanceIdPrefix: "acme:site:", PageSize: 7))).Count);
        Assert.Equal("acme:site:running", Assert.Single(await hub.ListAsync(new OrchestrationQuery(Statuses: [Running]))).InstanceId);
        Assert.Empty(await hub.ListAsync(new OrchestrationQuery(CreatedFrom: _clock.GetUtcNow().AddSeconds(1))));
        Page<OrchestrationMetadata> first = await FirstPageAsync(hub, new OrchestrationQuery(PageSize: 10, FetchInputsAndOutputs: true));
        Assert.Equal(10, first.Values.Count);
        Assert.Equal("3", first.Values[3].SerializedOutput);
        Page<OrchestrationMetadata> next = await FirstPageAsync(hub,
            new OrchestrationQuery(PageSize: 10, ContinuationToken: first.ContinuationToken));
        Assert.Equal("acme:site:10", next.Values[0].InstanceId);
    }

    [Fact]
    public async Task Restarting_Runs_The_Old_Input_Again_Under_The_Old_Or_A_New_Id()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.RunAsync("Echo", 42, "a");
        Assert.Equal("a", await hub.Client.RestartAsync("a", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("42", (await hub.EndAsync("a")).SerializedOutput);
        string copy = await hub.Client.RestartAsync("a", restartWithNewInstanceId: true, TestContext.Current.CancellationToken);
        Assert.Matches("^[0-9a-f]{32}$", copy);
        Assert.Equal("42", (await hub.EndAsync(copy)).SerializedOutput);
        await hub.BeginAsync("Wait", id: "running");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            hub.Client.RestartAsync("running", cancellation: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            hub.Client.RestartAsync("nobody", cancellation: TestContext.Current.CancellationToken));
    }

    private static async Task<Page<OrchestrationMetadata>> FirstPageAsync(TestHub hub, OrchestrationQuery query)
    {
        await foreach (Page<OrchestrationMetadata> page in hub.Client.GetAllInstancesAsync(query).AsPages())
        {
            return page;
        }

        throw new InvalidOperationException("No page at all.");
    }

    private TestHub Engine(int cached = 10_000) => new TestHub(_clock) { Configure = o => o.MaxCachedHistories = cached }
        .Orchestrator("Echo", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("TimerThenEvent", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("Go");
        });
}
