using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class ReplayTests
{
    [Fact]
    public async Task Another_Activity_Than_In_The_History_Fails_That_Instance_Only()
    {
        await using TestEngine engine = await Deploy(new TestEngine(), "A1").StartAsync();
        await engine.BeginAsync("Work", id: "old");
        await engine.IdleAsync();
        await engine.StopAsync();
        engine.ForgetFunctions();
        await Deploy(engine, "A2").StartAsync();
        await engine.BeginAsync("Work", id: "new");

        await engine.RaiseAsync("old", "Go");
        await engine.RaiseAsync("new", "Go");

        OrchestrationMetadata old = await engine.EndAsync("old");
        Assert.Equal(Failed, old.RuntimeStatus);
        Assert.EndsWith(
            "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task with sequence number 0 named 'A1', "
            + "but the current orchestration replay instead scheduled an activity task named 'A2' with this sequence number. "
            + "Was a change made to the orchestrator code after this instance had already started running?",
            old.SerializedOutput,
            StringComparison.Ordinal);
        Assert.Equal(Completed, (await engine.EndAsync("new")).RuntimeStatus);
    }

    [Theory]
    [InlineData("timer", "instead produced a CreateTimerOrchestratorAction action with this sequence number")]
    [InlineData("child", "instead produced a CreateSubOrchestrationAction action named 'Child' with this sequence number")]
    [InlineData("nothing", "with sequence ID 0 and name 'A1', but the current replay execution hasn't (yet?) scheduled this task")]
    [InlineData("more", "The current orchestration replay scheduled an activity task with sequence number 1 named 'Extra', but a previous execution")]
    public async Task Any_Other_Step_Is_Named(string change, string expected)
    {
        await using TestEngine engine = await Deploy(new TestEngine(), "A1").StartAsync();
        await engine.BeginAsync("Work", id: "a");
        await engine.IdleAsync();
        await engine.StopAsync();
        engine.ForgetFunctions();
        await engine.Activity<int, int>("A1", n => n).Activity<int, int>("Extra", n => n).Orchestrator("Work", async context =>
        {
            Task task = change switch
            {
                "timer" => context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None),
                "child" => context.CallSubOrchestratorAsync("Child"),
                "more" => Task.WhenAll(context.CallActivityAsync<int>("A1", 1), context.CallActivityAsync<int>("Extra", 1)),
                _ => Task.CompletedTask,
            };
            await task;
            await context.WaitForExternalEvent<string>("Go");
        }).StartAsync();

        await engine.RaiseAsync("a", "Go");

        Assert.Contains(expected, (await engine.EndAsync("a")).SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Orchestrator_That_Waits_For_Something_Else_Fails_With_A_Clear_Message()
    {
        await using TestEngine engine = await new TestEngine()
            .Orchestrator("Delay", _ => Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken))
            .Orchestrator("DelayBesideATimer", context => Task.WhenAll(
                context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None), ThenAsync(context)))
            .StartAsync();

        foreach (string name in (string[])["Delay", "DelayBesideATimer"])
        {
            OrchestrationMetadata ended = await engine.RunAsync(name);
            Assert.Equal(Failed, ended.RuntimeStatus);
            Assert.Contains("awaited a task that is not a durable one", ended.SerializedOutput, StringComparison.Ordinal);
        }

        static async Task ThenAsync(TaskOrchestrationContext context)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            context.SetCustomStatus("never");
        }
    }

    [Fact]
    public async Task An_Orchestrator_On_Another_Thread_Is_Told_So()
    {
        await using TestEngine engine = await new TestEngine()
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Elsewhere", context =>
            {
                Exception? seen = null;
                Thread thread = new(() => seen = Record.Exception(() => context.SetCustomStatus("elsewhere")));
                thread.Start();
                thread.Join();
                return Task.FromResult(seen?.Message);
            }).StartAsync();
        Assert.Contains("Multithreaded execution was detected", (await engine.RunAsync("Elsewhere")).SerializedOutput, StringComparison.Ordinal);
    }

    [Theory, BothWays]
    public async Task Guids_And_The_Time_Are_The_Same_On_Replay(int live)
    {
        List<string> seen = [];
        await using TestEngine engine = await new TestEngine { Configure = o => o.MaxLiveOrchestrations = live }
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

        string output = (await engine.RunAsync("Values")).ReadOutputAs<string>()!;

        Assert.Equal(live == 0 ? 2 : 1, seen.Count);
        Assert.All(seen, value => Assert.Equal(output, value));
        Assert.Equal(3, output.Split(' ').Distinct().Count());
    }

    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(0, 2)]
    public async Task Orchestrators_Are_Replayed_Only_When_Dropped_From_Memory(int live, int expected)
    {
        int replays = 0;
        await using TestEngine engine = await new TestEngine { Configure = o => o.MaxLiveOrchestrations = live }
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Work", async context =>
            {
                replays += context.IsReplaying ? 1 : 0;
                await context.CallActivityAsync<int>("Echo", 1);
                await context.CallActivityAsync<int>("Echo", 2);
            }).StartAsync();
        await engine.RunAsync("Work");
        Assert.Equal(expected, replays);
    }

    [Fact]
    public async Task A_Replay_Safe_Logger_Says_Each_Thing_Once()
    {
        using ListLoggerProvider logs = new();
        TestEngine configured = new TestEngine { Configure = o => o.MaxLiveOrchestrations = 0, Logs = logs }
            .Activity<int, int>("Echo", n => n)
            .Orchestrator("Talk", async context =>
            {
                ILogger logger = context.CreateReplaySafeLogger("Talk");
                logger.LogInformation("first");
                await context.CallActivityAsync<int>("Echo", 1);
                logger.LogInformation("second");
                await context.CallActivityAsync<int>("Echo", 2);
            });
        await using TestEngine engine = await configured.StartAsync();
        await engine.RunAsync("Talk");
        Assert.Equal(["first", "second"], logs.Of("Talk"));
    }

    private static TestEngine Deploy(TestEngine engine, string activity) => engine
        .Activity<int, int>(activity, n => n)
        .Orchestrator("Work", async context =>
        {
            await context.CallActivityAsync<int>(activity, 1);
            await context.WaitForExternalEvent<string>("Go");
        });
}
