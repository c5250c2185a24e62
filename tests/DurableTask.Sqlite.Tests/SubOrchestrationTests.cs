using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class SubOrchestrationTests
{
    [Theory, BothWays]
    public async Task Knows_Its_Parent_And_Gives_Its_Result(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Child", "input"))
            .StartAsync();
        Assert.Equal("a/Parent/input", (await hub.RunAsync("Parent", id: "a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Without_An_Id_Gets_32_Hexadecimal_Digits_And_Is_An_Instance_Of_Its_Own(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Orchestrator("Parent", async context =>
            {
                await context.CallSubOrchestratorAsync<string>("Child", "1");
                await context.CallSubOrchestratorAsync<string>("Child", "2");
            })
            .StartAsync();
        await hub.RunAsync("Parent", id: "z");
        string[] children = [.. (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId).Where(id => id != "z")];
        Assert.Equal(2, children.Length);
        Assert.All(children, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    [Theory, BothWays]
    public async Task Its_Failure_Is_The_Parents_To_Handle(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Orchestrator("Broken", _ => throw new InvalidOperationException("child says no"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync("Broken"))
            .StartAsync();
        Assert.Equal(
            "Microsoft.DurableTask.TaskFailedException: Task 'Broken' (#0) failed with an unhandled exception: child says no",
            (await hub.RunAsync("Parent")).SerializedOutput);
    }

    [Fact]
    public async Task Failed_By_An_Activity_It_Has_That_Failure_As_Its_Inner_One()
    {
        TaskFailureDetails? seen = null;
        await using TestHub hub = await Engine()
            .Activity<int, int>("Throw", _ => throw new TimeoutException("too late"))
            .Orchestrator("Middle", context => context.CallActivityAsync<int>("Throw", 1))
            .Orchestrator("Parent", async context =>
                seen = (await Assert.ThrowsAsync<TaskFailedException>(() =>
                    context.CallSubOrchestratorAsync<int>("Middle"))).FailureDetails)
            .StartAsync();
        await hub.RunAsync("Parent");
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", seen!.ErrorType);
        Assert.Equal(("System.TimeoutException", "too late"), (seen.InnerFailure!.ErrorType, seen.InnerFailure.ErrorMessage));
    }

    [Theory, BothWays]
    public async Task Outlives_A_Restart_And_Its_Terminated_Parent(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Waiting", options: new TaskOptions().WithInstanceId("child")))
            .StartAsync();
        await hub.BeginAsync("Parent", id: "a");
        await hub.IdleAsync();
        await hub.RestartAsync();
        await hub.TerminateAsync("a");
        Assert.Equal(Running, (await hub.GetAsync("child")).RuntimeStatus);

        await hub.RaiseAsync("child", "Go", "on");

        Assert.Equal("on", (await hub.EndAsync("child")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Its_Result_Reaches_The_Parent_Over_A_Restart(int cached)
    {
        await using TestHub hub = await Engine(cached)
            .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Waiting", options: new TaskOptions().WithInstanceId("child")))
            .StartAsync();
        await hub.BeginAsync("Parent", id: "a");
        await hub.IdleAsync();
        await hub.RestartAsync();
        await hub.RaiseAsync("child", "Go", "on");
        Assert.Equal("on", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Under_An_Id_That_Is_Running_Fails_At_The_Parent()
    {
        await using TestHub hub = await Engine()
            .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Waiting", options: new TaskOptions().WithInstanceId("taken")))
            .StartAsync();
        await hub.BeginAsync("Waiting", id: "taken");
        Assert.Contains("taken is already running", (await hub.RunAsync("Parent")).SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminated_Is_A_Failure_At_The_Parent()
    {
        await using TestHub hub = await Engine()
            .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Waiting", options: new TaskOptions().WithInstanceId("child")))
            .StartAsync();
        await hub.BeginAsync("Parent", id: "a");
        await hub.IdleAsync();
        await hub.TerminateAsync("child", "enough");
        Assert.Contains("enough", (await hub.EndAsync("a")).SerializedOutput, StringComparison.Ordinal);
    }

    private static TestHub Engine(int cached = 10_000) => new TestHub { Configure = o => o.MaxCachedHistories = cached }
        .Orchestrator("Child", context =>
            Task.FromResult($"{context.Parent?.InstanceId}/{context.Parent?.Name}/{context.GetInput<string>()}"));
}
