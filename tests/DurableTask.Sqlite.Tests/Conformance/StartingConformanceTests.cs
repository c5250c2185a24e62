using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>Starting instances, as seen on the Functions host.</summary>
public sealed class StartingConformanceTests
{
    [Theory, OnBothHosts]
    public async Task A_Start_Of_An_Unfinished_Id_Is_Refused_And_Leaves_The_Instance_Alone(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        StartOrchestrationOptions later = new("a", TimeProvider.System.GetUtcNow().AddHours(1));
        await host.BeginAsync("Wait", "pending", later);
        await host.BeginAsync("Wait", "running", "b");
        await host.ReachAsync("b", Running);
        await host.BeginAsync("Wait", "suspended", "c");
        await host.ReachAsync("c", Running);
        await host.Client.SuspendInstanceAsync("c", TestContext.Current.CancellationToken);
        await host.ReachAsync("c", Suspended);

        foreach (string id in (string[])["a", "b", "c"])
        {
            StartOrchestrationOptions options = new StartOrchestrationOptions(id).WithDedupeStatuses(Pending, Running, Suspended);
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.BeginAsync("Wait", "other", options));
            Assert.NotEqual("other", (await host.GetAsync(id)).ReadInputAs<string>());
        }
    }

    [Theory, OnBothHosts]
    public async Task A_Finished_Id_Runs_Again_And_Its_Input_And_Output_Are_Replaced(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", "first", "completed");
        await host.RunAsync("Fail", "first", "failed");
        await host.BeginAsync("Wait", "first", "terminated");
        await host.ReachAsync("terminated", Running);
        await host.Client.TerminateInstanceAsync("terminated", TestContext.Current.CancellationToken);
        await host.EndAsync("terminated");

        foreach (string id in (string[])["completed", "failed", "terminated"])
        {
            OrchestrationMetadata again = await host.RunAsync("Echo", "again", id);
            Assert.Equal(Completed, again.RuntimeStatus);
            Assert.Equal(("again", "again"), (again.ReadInputAs<string>(), again.ReadOutputAs<string>()));
        }
    }

    [Theory, OnBothHosts]
    public async Task A_Finished_Id_With_Its_Status_Among_The_Dedupe_Statuses_Is_Refused(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        await host.RunAsync("Echo", "first", "a");
        StartOrchestrationOptions options = new StartOrchestrationOptions("a").WithDedupeStatuses(Pending, Running, Suspended, Completed);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.BeginAsync("Echo", "again", options));
        Assert.Equal("first", (await host.GetAsync("a")).ReadInputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task Of_64_Starts_Of_One_Id_At_Once_One_Runs(HostKind kind)
    {
        int runs = 0;
        await using ConformanceHost host = await Host(kind).Activity<string, int>("Count", _ => Interlocked.Increment(ref runs))
            .Orchestrator<int, int>("Once", async (context, input) =>
            {
                await context.CallActivityAsync<int>("Count", "x");
                await context.WaitForExternalEvent<string>("Go");
                return input;
            }).StartAsync();
        StartOrchestrationOptions options = new StartOrchestrationOptions("a").WithDedupeStatuses(Pending, Running, Suspended);
        await Task.WhenAll(
            Enumerable.Range(0, 64).Select(async n => await Record.ExceptionAsync(() => host.BeginAsync("Once", n, options))));
        await host.RaiseAsync("a", "Go");
        OrchestrationMetadata ended = await host.EndAsync("a");

        Assert.Equal(1, runs);
        Assert.Equal(ended.ReadInputAs<int>(), ended.ReadOutputAs<int>());
    }

    [Theory, OnBothHosts(InProcessDiffers = "Begins at once.")]
    public async Task A_Start_In_The_Future_Is_Pending_Until_Then(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        DateTimeOffset startAt = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await host.BeginAsync("Time", null, new StartOrchestrationOptions("a", startAt));
        Assert.Equal(Pending, (await host.GetAsync("a")).RuntimeStatus);
        Assert.True((await host.EndAsync("a")).ReadOutputAs<DateTime>() >= startAt.UtcDateTime.AddMilliseconds(-100));
    }

    [Theory, OnBothHosts]
    public async Task Ids_With_Special_Characters_And_Of_Any_Length_Run(HostKind kind)
    {
        await using ConformanceHost host = await Host(kind).StartAsync();
        foreach (string id in (string[])["acme:web-site:42", "with/slash#hash?", new string('i', 300)])
        {
            Assert.Equal(id, (await host.RunAsync("Echo", "x", id)).InstanceId);
        }
    }

    private static ConformanceHost Host(HostKind kind) => new ConformanceHost(kind)
        .Orchestrator<string, string>("Echo", (_, input) => Task.FromResult(input))
        .Orchestrator<string, string>("Fail", (_, _) => throw new InvalidOperationException("no"))
        .Orchestrator<string, string>("Wait", async (context, _) => await context.WaitForExternalEvent<string>("Go"))
        .Orchestrator<string, DateTime>("Time", (context, _) => Task.FromResult(context.CurrentUtcDateTime));
}
