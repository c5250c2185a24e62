using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>What operators do with instances, as seen on the Functions host.</summary>
public sealed class OperatingConformanceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnBothHosts]
    public async Task What_Happens_While_Suspended_Is_Handled_On_Resume(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.BeginAsync("TimerThenEvent", id: "a");
        await host.ReachAsync("a", Running);
        await host.Client.SuspendInstanceAsync("a", Stop);
        await host.ReachAsync("a", Suspended);
        await host.RaiseAsync("a", "Go", "while suspended");
        await Task.Delay(TimeSpan.FromMilliseconds(1_500), TimeProvider.System, Stop);
        Assert.Equal(Suspended, (await host.GetAsync("a")).RuntimeStatus);

        await host.Client.ResumeInstanceAsync("a", Stop);

        Assert.Equal("while suspended", (await host.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task Terminated_Has_The_Given_Output(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.BeginAsync("Wait", id: "a");
        await host.ReachAsync("a", Running);
        await host.Client.TerminateInstanceAsync("a", "enough", Stop);
        OrchestrationMetadata ended = await host.EndAsync("a");
        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Equal("\"enough\"", ended.SerializedOutput);
    }

    [Theory, OnBothHosts]
    public async Task A_Sub_Orchestration_Outlives_Its_Terminated_Parent(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).Orchestrator<int, string>(
            "Parent", async (context, _) =>
                await context.CallSubOrchestratorAsync<string>("Wait", 0, new TaskOptions().WithInstanceId("child"))).StartAsync();
        await host.BeginAsync("Parent", id: "a");
        await host.ReachAsync("a", Running);
        while (await host.Client.GetInstanceAsync("child", Stop) is not { RuntimeStatus: Running })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }

        await host.Client.TerminateInstanceAsync("a", new TerminateInstanceOptions(null, Recursive: false), Stop);
        await host.EndAsync("a");
        await host.RaiseAsync("child", "Go", "alone");
        Assert.Equal("alone", (await host.EndAsync("child")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts(InProcessDiffers = "Accepted without effect.")]
    public async Task Terminating_A_Finished_Instance_Fails_Its_Precondition(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", 1, "a");
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => host.Client.TerminateInstanceAsync("a", Stop));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
    }

    [Theory, OnBothHosts(InProcessDiffers = "Accepted without effect.")]
    public async Task Suspending_Or_Resuming_A_Finished_Instance_Is_Refused(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", 1, "a");
        Assert.Equal(StatusCode.Unknown,
            (await Assert.ThrowsAsync<RpcException>(() => host.Client.SuspendInstanceAsync("a", Stop))).StatusCode);
        Assert.Equal(StatusCode.Unknown,
            (await Assert.ThrowsAsync<RpcException>(() => host.Client.ResumeInstanceAsync("a", Stop))).StatusCode);
    }

    [Theory, OnBothHosts(InProcessDiffers = "Accepted without effect.")]
    public async Task Operating_An_Unknown_Instance_Is_Not_Found(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        Func<Task>[] operations =
        [
            () => host.Client.TerminateInstanceAsync("nobody", Stop),
            () => host.Client.SuspendInstanceAsync("nobody", Stop),
            () => host.Client.ResumeInstanceAsync("nobody", Stop),
        ];
        foreach (Func<Task> operation in operations)
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(operation)).StatusCode);
        }
    }

    [Theory, OnBothHosts]
    public async Task Purging_Deletes_A_Finished_Instance(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", 1, "a");
        Assert.Equal(1, (await host.Client.PurgeInstanceAsync("a", Stop)).PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("a", Stop));
        Assert.Equal(0, (await host.Client.PurgeInstanceAsync("a", Stop)).PurgedInstanceCount);
    }

    [Theory, OnBothHosts(InProcessDiffers = "Answers that none was purged.")]
    public async Task Purging_An_Unfinished_Instance_Is_Refused(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.BeginAsync("Wait", id: "a");
        await host.ReachAsync("a", Running);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.PurgeInstanceAsync("a", Stop));
        Assert.Equal(Running, (await host.GetAsync("a")).RuntimeStatus);
    }

    [Theory, OnBothHosts]
    public async Task Listing_By_Prefix_Shows_Sub_Orchestrations_As_Instances_Of_Their_Own(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).Orchestrator<int, int>(
            "Parent", async (context, _) =>
                await context.CallSubOrchestratorAsync<int>("Echo", 5, new TaskOptions().WithInstanceId("acme:child"))).StartAsync();
        await host.RunAsync("Parent", 0, "acme:parent");
        await host.RunAsync("Echo", 1, "other");
        List<string> found = [];
        await foreach (
            OrchestrationMetadata instance in host.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "acme:")))
        {
            found.Add(instance.InstanceId);
        }

        Assert.Equal(["acme:child", "acme:parent"], found.Order());
    }

    [Theory, OnBothHosts]
    public async Task Restarting_Runs_The_Old_Input_Under_The_Same_Or_A_New_Id(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", 42, "a");
        Assert.Equal("a", await host.Client.RestartAsync("a", cancellation: Stop));
        Assert.Equal(42, (await host.EndAsync("a")).ReadOutputAs<int>());
        string copy = await host.Client.RestartAsync("a", restartWithNewInstanceId: true, Stop);
        Assert.Matches("^[0-9a-f]{32}$", copy);
        Assert.Equal(42, (await host.EndAsync(copy)).ReadOutputAs<int>());
    }

    private static ConformanceHost Host(HostKind kind) => new ConformanceHost(kind)
        .Orchestrator<int, int>("Echo", (_, input) => Task.FromResult(input))
        .Orchestrator<int, string>("Wait", async (context, _) => await context.WaitForExternalEvent<string>("Go"))
        .Orchestrator<int, string>("TimerThenEvent", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("Go");
        });
}
