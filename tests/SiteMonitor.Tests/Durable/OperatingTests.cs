using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.LocalHost.Durable;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class OperatingTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, BothWays]
    public async Task What_Happens_While_Suspended_Is_Handled_On_Resume(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        await engine.BeginAsync("TimerThenEvent", id: "a");
        await engine.IdleAsync();
        await engine.SuspendAsync("a");
        await engine.RaiseAsync("a", "Go", "while suspended");
        _clock.Advance(TimeSpan.FromHours(1));
        await engine.IdleAsync();
        await engine.RestartAsync();
        await engine.IdleAsync();
        Assert.Equal(Suspended, (await engine.GetAsync("a")).RuntimeStatus);

        await engine.ResumeAsync("a");

        Assert.Equal("while suspended", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task A_Pending_Instance_Suspended_Begins_On_Resume(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        await engine.BeginAsync("Wait", null, new StartOrchestrationOptions("a", _clock.GetUtcNow().AddHours(1)));
        await engine.SuspendAsync("a");
        _clock.Advance(TimeSpan.FromHours(2));
        await engine.IdleAsync();
        await engine.RestartAsync();
        await engine.RaiseAsync("a", "Go", "yes");
        await engine.ResumeAsync("a");
        Assert.Equal("yes", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("terminate", StatusCode.FailedPrecondition)]
    [InlineData("suspend", StatusCode.Unknown)]
    [InlineData("resume", StatusCode.Unknown)]
    public async Task Operations_On_A_Finished_Or_Unknown_Instance_Are_Refused(string operation, StatusCode expected)
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.BeginAsync("Wait", id: "a");
        await engine.TerminateAsync("a", "stopped");
        Func<string, Task> act = operation switch
        {
            "terminate" => id => engine.TerminateAsync(id),
            "suspend" => engine.SuspendAsync,
            _ => engine.ResumeAsync,
        };

        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => act("a"))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => act("nobody"))).StatusCode);
    }

    [Theory, BothWays]
    public async Task Terminated_Has_The_Given_Output_And_Its_Timers_Are_Gone(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        await engine.BeginAsync("TimerThenEvent", id: "a");
        await engine.IdleAsync();
        await engine.TerminateAsync("a", new { reason = "enough" });
        OrchestrationMetadata ended = await engine.EndAsync("a");
        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Equal("""{"reason":"enough"}""", ended.SerializedOutput);
        Assert.Null(engine.Engine.NextTimer);
    }

    [Fact]
    public async Task A_Result_That_Comes_After_The_Termination_Changes_Nothing()
    {
        TaskCompletionSource go = new();
        await using TestEngine engine = await Engine().Activity<int, int>("Hold", async (n, stop) =>
        {
            await go.Task.WaitAsync(stop);
            return n;
        }).Orchestrator("Holding", context => context.CallActivityAsync<int>("Hold", 1)).StartAsync();
        await engine.BeginAsync("Holding", id: "a");
        await engine.TerminateAsync("a");
        go.SetResult();
        await engine.IdleAsync();
        Assert.Equal(Terminated, (await engine.GetAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Purging_Deletes_A_Finished_Instance_And_Refuses_A_Running_One()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.BeginAsync("Wait", id: "a");
        await engine.IdleAsync();
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.PurgeAsync("a"));
        Assert.StartsWith("Only orchestrations in a terminal state can be purged, ", failure.Message, StringComparison.Ordinal);
        await engine.SuspendAsync("a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.PurgeAsync("a"));
        await engine.TerminateAsync("a");

        Assert.Equal(1, await engine.PurgeAsync("a"));
        Assert.Equal(0, await engine.PurgeAsync("a"));
        Assert.Null(await engine.Client.GetInstanceAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Purging_By_Filter_Takes_What_Ended_And_Matches()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.RunAsync("Echo", 1, "old");
        _clock.Advance(TimeSpan.FromDays(2));
        await engine.RunAsync("Echo", 2, "new");
        await engine.BeginAsync("Wait", id: "running");
        PurgeResult purged = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, _clock.GetUtcNow().AddDays(-1)), TestContext.Current.CancellationToken);
        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Equal(["new", "running"], (await engine.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Statuses_That_Are_No_End_Purge_And_List_Nothing()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.RunAsync("Echo", 1, "ended");
        await engine.BeginAsync("Wait", id: "running");
        CancellationToken stop = TestContext.Current.CancellationToken;

        Assert.Equal(0, (await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, null, [Running, Pending]), stop)).PurgedInstanceCount);
        Assert.Empty((await engine.Client.ListInstanceIdsAsync([Running, Pending], cancellation: stop)).Values);

        Assert.Equal(["ended", "running"], (await engine.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("retention")]
    public async Task More_Than_A_Page_Can_Be_Purged(string by)
    {
        TestEngine configured = Engine();
        configured.Configure = o => o.Retention = by == "retention" ? TimeSpan.FromDays(7) : null;
        await using TestEngine engine = await configured.StartAsync();
        await engine.BeginAsync("Wait", id: "running");
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(n => engine.BeginAsync("Echo", n)));
        await engine.IdleAsync();

        _clock.Advance(TimeSpan.FromDays(8));
        await engine.RunAsync("Echo", 1, "young");
        if (by == "filter")
        {
            PurgeResult purged = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, _clock.GetUtcNow().AddDays(-1)), TestContext.Current.CancellationToken);
            Assert.Equal(1_200, purged.PurgedInstanceCount);
        }

        await engine.IdleAsync();
        Assert.Equal(["running", "young"], (await engine.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Finished_Instances_Are_Kept_As_Long_As_Set()
    {
        TestEngine configured = Engine();
        configured.Configure = o => o.Retention = TimeSpan.FromDays(7);
        await using TestEngine engine = await configured.StartAsync();
        await engine.RunAsync("Echo", 1, "old");
        _clock.Advance(TimeSpan.FromDays(6));
        await engine.RunAsync("Echo", 1, "new");
        await engine.BeginAsync("Wait", id: "running");
        _clock.Advance(TimeSpan.FromDays(2));
        await engine.IdleAsync();
        Assert.Equal(["new", "running"], (await engine.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId));
    }

    [Fact]
    public async Task Listing_By_Prefix_Status_And_Time_Comes_In_Pages()
    {
        await using TestEngine engine = await Engine().StartAsync();
        foreach (int n in Enumerable.Range(0, 25))
        {
            await engine.RunAsync("Echo", n, $"acme:site:{n:00}");
        }

        await engine.BeginAsync("Wait", id: "acme:site:running");
        await engine.RunAsync("Echo", 1, "acme:sitf");
        await engine.IdleAsync();

        Assert.Equal(26, (await engine.ListAsync(new OrchestrationQuery(InstanceIdPrefix: "acme:site:", PageSize: 7))).Count);
        Assert.Equal("acme:site:running", Assert.Single(await engine.ListAsync(new OrchestrationQuery(Statuses: [Running]))).InstanceId);
        Assert.Empty(await engine.ListAsync(new OrchestrationQuery(CreatedFrom: _clock.GetUtcNow().AddSeconds(1))));
        Page<OrchestrationMetadata> first = await FirstPageAsync(engine, new OrchestrationQuery(PageSize: 10, FetchInputsAndOutputs: true));
        Assert.Equal(10, first.Values.Count);
        Assert.Equal("3", first.Values[3].SerializedOutput);
        Page<OrchestrationMetadata> next = await FirstPageAsync(engine, new OrchestrationQuery(PageSize: 10, ContinuationToken: first.ContinuationToken));
        Assert.Equal("acme:site:10", next.Values[0].InstanceId);
    }

    [Fact]
    public async Task Ids_Of_Finished_Instances_Can_Be_Listed()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.RunAsync("Echo", 1, "a");
        await engine.BeginAsync("Wait", id: "b");
        Page<string> page = await engine.Client.ListInstanceIdsAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["a"], page.Values);
    }

    [Fact]
    public async Task Restarting_Runs_The_Old_Input_Again_Under_The_Old_Or_A_New_Id()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.RunAsync("Echo", 42, "a");
        Assert.Equal("a", await engine.Client.RestartAsync("a", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("42", (await engine.EndAsync("a")).SerializedOutput);
        string copy = await engine.Client.RestartAsync("a", restartWithNewInstanceId: true, TestContext.Current.CancellationToken);
        Assert.Matches("^[0-9a-f]{32}$", copy);
        Assert.Equal("42", (await engine.EndAsync(copy)).SerializedOutput);
        await engine.BeginAsync("Wait", id: "running");
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RestartAsync("running", cancellation: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RestartAsync("nobody", cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Changes_Of_Status_Are_Told_In_Order()
    {
        List<OrchestrationRuntimeStatus> seen = [];
        TaskCompletionSource ended = new();
        await using TestEngine engine = await Engine().StartAsync();
        engine.Engine.InstanceChanged += Listen;
        await engine.BeginAsync("Wait", id: "a");
        await engine.IdleAsync();
        await engine.SuspendAsync("a");
        await engine.ResumeAsync("a");
        await engine.RaiseAsync("a", "Go", "x");
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal([Pending, Running, Suspended, Running, Completed], seen);

        void Listen(InstanceChange change)
        {
            seen.Add(change.Status);
            if (change.Status is Completed)
            {
                ended.SetResult();
            }
        }
    }

    private static async Task<Page<OrchestrationMetadata>> FirstPageAsync(TestEngine engine, OrchestrationQuery query)
    {
        await foreach (Page<OrchestrationMetadata> page in engine.Client.GetAllInstancesAsync(query).AsPages())
        {
            return page;
        }

        throw new InvalidOperationException("No page at all.");
    }

    private TestEngine Engine(int live = 10_000) => new TestEngine(_clock) { Configure = o => o.MaxLiveOrchestrations = live }
        .Orchestrator("Echo", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("TimerThenEvent", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("Go");
        });
}
