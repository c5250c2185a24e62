using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task Another_Activity_Than_In_The_History_Fails_That_Instance_Only()
    {
        await using TestHub hub = await Deploy(new TestHub(), "A1").StartAsync();
        await hub.BeginAsync("Work", id: "old");
        await hub.IdleAsync();
        await hub.StopAsync();
        hub.ForgetFunctions();
        await Deploy(hub, "A2").StartAsync();
        await hub.BeginAsync("Work", id: "new");

        await hub.RaiseAsync("old", "Go");
        await hub.RaiseAsync("new", "Go");

        OrchestrationMetadata old = await hub.EndAsync("old");
        Assert.Equal(Failed, old.RuntimeStatus);
        Assert.Contains(
            "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task "
            + "with sequence number 0 named 'A1', "
            + "but the current orchestration replay instead scheduled an activity task named 'A2' with this sequence number.",
            old.SerializedOutput,
            StringComparison.Ordinal);
        Assert.Equal(Completed, (await hub.EndAsync("new")).RuntimeStatus);
    }

    [Theory]
    [InlineData("timer", "instead produced a CreateTimerOrchestratorAction action with this sequence number")]
    [InlineData("child", "instead produced a CreateSubOrchestrationAction action with this sequence number")]
    [InlineData("nothing",
        "with sequence ID 0 and name 'A1' (version ''), but the current replay execution hasn't (yet?) scheduled this task")]
    public async Task Any_Other_Step_Is_Named(string change, string expected)
    {
        await using TestHub hub = await Deploy(new TestHub(), "A1").StartAsync();
        await hub.BeginAsync("Work", id: "a");
        await hub.IdleAsync();
        await hub.StopAsync();
        hub.ForgetFunctions();
        await hub.Activity<int, int>("A1", n => n).Orchestrator("Work", async context =>
        {
            Task task = change switch
            {
                "timer" => context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None),
                "child" => context.CallSubOrchestratorAsync("Child"),
                _ => Task.CompletedTask,
            };
            await task;
            await context.WaitForExternalEvent<string>("Go");
        }).StartAsync();

        await hub.RaiseAsync("a", "Go");

        Assert.Contains(expected, (await hub.EndAsync("a")).SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Orchestrator_That_Waits_For_Something_Else_Fails_With_A_Clear_Message()
    {
        await using TestHub hub = await new TestHub()
            .Orchestrator("Delay", _ =>
                Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken))
            .StartAsync();

        OrchestrationMetadata ended = await hub.RunAsync("Delay");
        Assert.Equal(Failed, ended.RuntimeStatus);
        Assert.Contains("An invalid asynchronous invocation was detected", ended.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Orchestrator_On_Another_Thread_Is_Told_So()
    {
        await using TestHub hub = await new TestHub()
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Elsewhere", context =>
            {
                Exception? seen = null;
                Thread thread = new(() => seen = Record.Exception(() => context.SetCustomStatus("elsewhere")));
                thread.Start();
                thread.Join();
                return Task.FromResult(seen?.Message);
            }).StartAsync();
        Assert.Contains("An invalid asynchronous invocation was detected", (await hub.RunAsync("Elsewhere")).SerializedOutput,
            StringComparison.Ordinal);
    }

    [Theory, BothWays]
    public async Task Guids_And_The_Time_Are_The_Same_On_Replay(int cached)
    {
        List<string> seen = [];
        await using TestHub hub = await new TestHub { Configure = o => o.MaxCachedHistories = cached }
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Values", async context =>
            {
                Guid first = context.NewGuid();
                string value = $"{first} {context.NewGuid()} {context.CurrentUtcDateTime:O}";
                await context.CallActivityAsync<int>("Echo", 1);
                lock (seen)
                {
                    seen.Add(value);
                }

                await context.CallActivityAsync<int>("Echo", 2);
                return value;
            }).StartAsync();

        string output = (await hub.RunAsync("Values")).ReadOutputAs<string>()!;

        Assert.Equal(2, seen.Count);
        Assert.All(seen, value => Assert.Equal(output, value));
        Assert.Equal(3, output.Split(' ').Distinct().Count());
    }

    [Fact]
    public async Task A_Replay_Safe_Logger_Says_Each_Thing_Once()
    {
        using ListLoggerProvider logs = new();
        TestHub configured = new TestHub { Configure = o => o.MaxCachedHistories = 0, Logs = logs }
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Talk", async context =>
            {
                ILogger logger = context.CreateReplaySafeLogger("Talk");
                logger.LogInformation("first");
                await context.CallActivityAsync<int>("Echo", 1);
                logger.LogInformation("second");
                await context.CallActivityAsync<int>("Echo", 2);
            });
        await using TestHub hub = await configured.StartAsync();
        await hub.RunAsync("Talk");
        Assert.Equal(["first", "second"], logs.Of("Talk"));
    }

    private static TestHub Deploy(TestHub hub, string activity) => hub
        .Activity<int, int>(activity, n => n)
        .Orchestrator("Work", async context =>
        {
            await context.CallActivityAsync<int>(activity, 1);
            await context.WaitForExternalEvent<string>("Go");
        });
}
