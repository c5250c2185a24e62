using Microsoft.DurableTask;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests.Conformance;

/// <summary>Failures of activities and orchestrators, as seen on the Functions host.</summary>
public sealed class FailureConformanceTests
{
    private TaskFailureDetails? _seen;

    [Theory, OnBothHosts]
    public async Task The_Failure_Of_An_Activity_Has_Its_Type_Its_Message_Unchanged_And_The_Inner_Exception(HostKind kind)
    {
        await CatchAsync(kind, _ => throw new InvalidOperationException("line 1\n\"line 2\"", new TimeoutException("inner")));
        Assert.Equal(("System.InvalidOperationException", "line 1\n\"line 2\""), (_seen!.ErrorType, _seen.ErrorMessage));
        Assert.Equal(("System.TimeoutException", "inner"), (_seen.InnerFailure!.ErrorType, _seen.InnerFailure.ErrorMessage));
        Assert.True(_seen.IsCausedBy<InvalidOperationException>());
        Assert.True(_seen.IsCausedBy<SystemException>());
        Assert.False(_seen.IsCausedBy<TimeoutException>());
    }

    [Theory, OnBothHosts]
    public async Task Of_An_Aggregate_The_First_Inner_Exception_Is_Told(HostKind kind)
    {
        await CatchAsync(kind, _ => throw new AggregateException(new TimeoutException("one"), new TimeoutException("two")));
        Assert.Equal("one", _seen!.InnerFailure!.ErrorMessage);
        Assert.Null(_seen.InnerFailure.InnerFailure);
    }

    [Theory, OnBothHosts]
    public async Task A_Policy_Is_Asked_After_Every_Failure_But_The_Last(HostKind kind)
    {
        HashSet<string> asked = [];
        RetryPolicy policy = new(3, TimeSpan.FromMilliseconds(10))
        {
            HandleFailure = failure =>
            {
                asked.Add(failure.ErrorMessage);
                return true;
            },
        };
        await TryAsync(kind, TaskOptions.FromRetryPolicy(policy));
        Assert.Equal(["try 1", "try 2"], asked.Order());
    }

    [Theory, OnBothHosts]
    public async Task A_Retry_Handler_Is_Asked_After_Every_Failure_And_Counts_From_One(HostKind kind)
    {
        HashSet<int> asked = [];
        await TryAsync(kind, TaskOptions.FromRetryHandler(context =>
        {
            asked.Add(context.LastAttemptNumber);
            return context.LastAttemptNumber < 3;
        }));
        Assert.Equal([1, 2, 3], asked.Order());
    }

    [Theory, OnBothHosts]
    public async Task A_Sub_Orchestration_That_An_Activity_Failed_Has_That_As_Its_Inner_Failure(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, int>("Throw", _ => throw new InvalidOperationException("from the activity"))
            .Orchestrator<int, int>("Child", async (context, _) => await context.CallActivityAsync<int>("Throw", 1))
            .Orchestrator<int, int>("Parent", async (context, _) =>
            {
                _seen = (await Assert.ThrowsAsync<TaskFailedException>(() =>
                    context.CallSubOrchestratorAsync<int>("Child", 0))).FailureDetails;
                return 1;
            }).StartAsync();
        await host.RunAsync("Parent", 0);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", _seen!.ErrorType);
        Assert.Equal(("System.InvalidOperationException", "from the activity"),
            (_seen.InnerFailure!.ErrorType, _seen.InnerFailure.ErrorMessage));
    }

    [Theory, OnBothHosts]
    public async Task Of_Several_Failures_Of_A_When_All_The_First_Is_Thrown(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, int>("Throw", n => throw new InvalidOperationException($"number {n}"))
            .Orchestrator<int, int>("All", async (context, _) =>
                (await Task.WhenAll(context.CallActivityAsync<int>("Throw", 1),
                    context.CallActivityAsync<int>("Throw", 2))).Length).StartAsync();
        Assert.Equal(
            "Microsoft.DurableTask.TaskFailedException: Task 'Throw' (#0) failed with an unhandled exception: number 1",
            RunningConformanceTests.FailureOf(await host.RunAsync("All")));
    }

    [Theory, OnBothHosts(InProcessDiffers = "The type is ActivityTaskNotFound, with a message that names the activity.")]
    public async Task An_Activity_That_Does_Not_Exist_Fails_With_Unknown(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Orchestrator<int, int>("Catch", async (context, _) =>
        {
            _seen = (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Nobody", 1))).FailureDetails;
            return 1;
        }).StartAsync();
        await host.RunAsync("Catch");
        Assert.Equal(("(unknown)", "(unknown)"), (_seen!.ErrorType, _seen.ErrorMessage));
    }

    [Theory, OnBothHosts]
    public async Task A_Result_Of_Another_Type_Is_A_Json_Exception(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, string>("Text", _ => "not a number")
            .Orchestrator<int, int>("Number", async (context, _) => await context.CallActivityAsync<int>("Text", 1)).StartAsync();
        Assert.StartsWith("System.Text.Json.JsonException: ", RunningConformanceTests.FailureOf(await host.RunAsync("Number")),
            StringComparison.Ordinal);
    }

    [Theory, OnBothHosts(InProcessDiffers = "The output is the message alone; type and message are in FailureDetails.")]
    public async Task A_Failed_Instance_Shows_Type_And_Message_As_Its_Output(HostKind kind)
    {
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Orchestrator<int, int>("Throw", (_, _) => throw new InvalidOperationException("broken")).StartAsync();
        Microsoft.DurableTask.Client.OrchestrationMetadata ended = await host.RunAsync("Throw");
        Assert.Equal(Failed, ended.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException: broken", ended.SerializedOutput);
        Assert.Null(ended.FailureDetails);
    }

    private async Task CatchAsync(HostKind kind, Func<int, int> activity)
    {
        await using ConformanceHost host = await new ConformanceHost(kind).Activity("Throw", activity).Orchestrator<int,
            int>("Catch", async (context, _) =>
        {
            _seen = (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Throw", 1))).FailureDetails;
            return 1;
        }).StartAsync();
        Assert.Equal(Completed, (await host.RunAsync("Catch")).RuntimeStatus);
    }

    private static async Task TryAsync(HostKind kind, TaskOptions options)
    {
        int tries = 0;
        await using ConformanceHost host = await new ConformanceHost(kind)
            .Activity<int, int>("Flaky", _ => throw new InvalidOperationException($"try {Interlocked.Increment(ref tries)}"))
            .Orchestrator<int, int>("Try", async (context, _) => await context.CallActivityAsync<int>("Flaky", 1, options)).StartAsync();
        Assert.Equal(Failed, (await host.RunAsync("Try")).RuntimeStatus);
        Assert.Equal(3, tries);
    }
}
