using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>Retries, sub-orchestrations, timers and custom status, as seen on the Functions host.</summary>
public sealed class RunningConformanceTests
{
    [Theory, OnBothHosts]
    public async Task A_Retry_Policy_Backs_Off_And_Ends_With_The_Last_Failure(HostKind kind)
    {
        List<TimeSpan> tries = [];
        long started = TimeProvider.System.GetTimestamp();
        RetryPolicy policy = new(4, TimeSpan.FromMilliseconds(400), 2, TimeSpan.FromSeconds(1));
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, int>("Flaky", _ =>
            {
                tries.Add(TimeProvider.System.GetElapsedTime(started));
                throw new InvalidOperationException($"try {tries.Count}");
            })
            .Orchestrator<int,
                int>("Try", async (context, _) => await context.CallActivityAsync<int>("Flaky", 1, TaskOptions.FromRetryPolicy(policy)))
            .StartAsync();

        string failure = FailureOf(await host.RunAsync("Try"));

        Assert.Contains("Task 'Flaky' (#6) failed with an unhandled exception: try 4", failure, StringComparison.Ordinal);
        Assert.Equal(4, tries.Count);
        double[] waits = [.. tries.Zip(tries.Skip(1), (a, b) => (b - a).TotalMilliseconds)];

        // How late Microsoft's host may be on a busy machine is not what is tested.
        int late = kind is HostKind.InProcess ? 7_000 : 0;
        Assert.InRange(waits[0], 300, 2_500 + late);
        Assert.InRange(waits[1], 700, 3_000 + late);
        Assert.InRange(waits[2], 900, 3_000 + late);
    }

    [Theory, OnBothHosts]
    public async Task A_Failure_That_The_Policy_Does_Not_Handle_Is_Tried_Once(HostKind kind)
    {
        int tries = 0;
        RetryPolicy policy = new(3, TimeSpan.FromMilliseconds(10)) { HandleFailure = _ => false };
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, int>("Flaky", _ =>
            {
                tries++;
                throw new InvalidOperationException("no");
            })
            .Orchestrator<int,
                int>("Try", async (context, _) => await context.CallActivityAsync<int>("Flaky", 1, TaskOptions.FromRetryPolicy(policy)))
            .StartAsync();
        Assert.Equal(Failed, (await host.RunAsync("Try")).RuntimeStatus);
        Assert.Equal(1, tries);
    }

    [Theory, OnBothHosts]
    public async Task A_Sub_Orchestration_Has_32_Hexadecimal_Digits_As_Id_And_Knows_Its_Parent(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Orchestrator<string, string>("Child", (context, input) =>
                Task.FromResult<string?>($"{context.InstanceId}|{context.Parent?.InstanceId}|{context.Parent?.Name.Name}|{input}"))
            .Orchestrator<int, string>("Parent", async (context, _) => await context.CallSubOrchestratorAsync<string>("Child", "x"))
            .StartAsync();
        Assert.Matches("^[0-9a-f]{32}\\|a\\|Parent\\|x$", (await host.RunAsync("Parent", 0, "a")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task The_Failure_Of_A_Sub_Orchestration_Is_The_Parents_To_Handle(HostKind kind)
    {
        string? seen = null;
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Orchestrator<int, int>("Child", (_, _) => throw new InvalidOperationException("child says no"))
            .Orchestrator<int, int>("Parent", async (context, _) =>
            {
                seen = (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync<int>("Child", 0))).Message;
                return 1;
            }).StartAsync();
        Assert.Equal(Completed, (await host.RunAsync("Parent", 0)).RuntimeStatus);
        Assert.Equal("Task 'Child' (#0) failed with an unhandled exception: child says no", seen);
    }

    [Theory, OnBothHosts]
    public async Task A_Timer_In_The_Past_Fires_At_Once_And_A_Cancelled_One_Holds_Nothing_Up(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Orchestrator<int, string>("Timers", async (context, _) =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
            using CancellationTokenSource source = new();
            Task timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
            source.Cancel();
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            return "done";
        }).StartAsync();
        Assert.Equal("done", (await host.RunAsync("Timers")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts]
    public async Task A_Timer_Neither_Awaited_Nor_Cancelled_Keeps_The_Instance_Running(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Orchestrator<int, string>("Abandon", (context, input) =>
        {
            _ = context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
            return Task.FromResult<string?>("done");
        }).StartAsync();
        await host.BeginAsync("Abandon", id: "a");
        await host.ReachAsync("a", Running);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(Running, (await host.GetAsync("a")).RuntimeStatus);
        Assert.Equal("done", (await host.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, OnBothHosts(InProcessDiffers = "Has no limit.")]
    public async Task A_Custom_Status_Over_16_KB_Fails_The_Instance(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Orchestrator<int, string>("Status", (context, _) =>
        {
            context.SetCustomStatus(new string('s', 20_000));
            return Task.FromResult<string?>("done");
        }).StartAsync();
        Assert.Equal(Failed, (await host.RunAsync("Status")).RuntimeStatus);
    }

    [Theory, OnBothHosts]
    public async Task Values_Are_Stored_With_Names_As_Written_Enums_As_Numbers_And_Iso_Dates(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Orchestrator<int, object>("Values", (_, _) =>
            Task.FromResult<object?>(
                new { Name = "x", day = DayOfWeek.Friday, at = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc) })).StartAsync();
        Assert.Equal("""{"Name":"x","day":5,"at":"2030-01-02T03:04:05Z"}""", (await host.RunAsync("Values")).SerializedOutput);
    }

    /// <summary>A host shows the failure of an instance in one place or the other.</summary>
    internal static string FailureOf(OrchestrationMetadata ended) => ended.FailureDetails?.ToString() ?? ended.SerializedOutput!;
}
