using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using DurableTask.Sqlite.Storage;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class RetryTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<double> _tries = [];
    private readonly List<string> _asked = [];

    [Theory, BothWays]
    public async Task A_Policy_Backs_Off_On_Durable_Timers_And_Ends_With_The_Last_Failure(int cached)
    {
        RetryPolicy policy = new(4, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(5));
        await using TestHub hub = await Engine(cached, TaskOptions.FromRetryPolicy(policy)).StartAsync();

        OrchestrationMetadata ended = await RunAsync(hub, succeedsAt: 99);

        Assert.Equal([0, 2, 6, 11], _tries);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException: Task 'Flaky' (#6) failed with an unhandled exception: try 4",
            ended.SerializedOutput);
    }

    [Theory, BothWays]
    public async Task A_Policy_Ends_With_The_First_Success(int cached)
    {
        await using TestHub hub = await Engine(cached, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1)))).StartAsync(
            );
        Assert.Equal("3", (await RunAsync(hub, succeedsAt: 3)).SerializedOutput);
        Assert.Equal([0, 1, 2], _tries);
    }

    [Fact]
    public async Task A_Policy_That_Does_Not_Handle_The_Failure_Is_Asked_Once_And_Tries_No_More()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = Asked(false) };
        await using TestHub hub = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(hub, succeedsAt: 99);
        Assert.Single(_tries);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_Policy_Is_Not_Asked_After_The_Last_Try()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = Asked(true) };
        await using TestHub hub = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(hub, succeedsAt: 99);
        Assert.Equal(3, _tries.Count);
        Assert.Equal(["try 1", "try 2"], _asked.Distinct());
    }

    [Fact]
    public async Task A_Policy_Ends_With_Its_Timeout()
    {
        RetryPolicy policy = new(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(25));
        await using TestHub hub = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(hub, succeedsAt: 99);
        Assert.Equal([0, 10, 20, 30], _tries);
    }

    [Fact]
    public async Task A_Policy_Whose_Handler_Throws_Tries_No_More()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = _ => throw new InvalidOperationException("handler broke") };
        await using TestHub hub = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        Assert.Contains("Task 'Flaky' (#0) failed", (await RunAsync(hub, succeedsAt: 99)).SerializedOutput, StringComparison.Ordinal);
        Assert.Single(_tries);
    }

    [Theory, BothWays]
    public async Task A_Handler_Is_Asked_After_Every_Failure_And_Counts_From_One(int cached)
    {
        TaskOptions options = TaskOptions.FromRetryHandler(async context =>
        {
            if (!context.OrchestrationContext.IsReplaying)
            {
                _asked.Add($"{context.LastAttemptNumber}");
            }

            await context.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(7), CancellationToken.None);
            return context.LastAttemptNumber < 3;
        });
        await using TestHub hub = await Engine(cached, options).StartAsync();

        OrchestrationMetadata ended = await RunAsync(hub, succeedsAt: 99);

        Assert.Equal(["1", "2", "3"], _asked);
        Assert.Equal([0, 7, 14], _tries);
        Assert.Contains("try 3", ended.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Retry_Goes_On_After_A_Restart()
    {
        await using TestHub hub = await Engine(10_000, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))).StartAsync();
        await hub.BeginAsync("Try", 3, "a");
        await hub.IdleAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await hub.IdleAsync();

        await hub.RestartAsync();
        await hub.IdleAsync();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("3", (await hub.EndAsync("a")).SerializedOutput);
    }

    [Fact]
    public async Task A_Sub_Orchestration_Is_Tried_Again_Too()
    {
        int tries = 0;
        await using TestHub hub = await new TestHub()
            .Orchestrator("Child", _ => ++tries < 3 ? throw new InvalidOperationException("no") : Task.FromResult(tries))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>(
                "Child", options: new SubOrchestrationOptions(new RetryPolicy(5, TimeSpan.FromMilliseconds(1)), "child"))).StartAsync();
        Assert.Equal("3", (await hub.RunAsync("Parent")).SerializedOutput);
    }

    [Fact]
    public async Task A_Sub_Orchestration_Is_Tried_Again_Under_Its_Id_Before_The_Disk_Has_Its_Failure()
    {
        int tries = 0;
        await using TestHub hub = new();
        SqliteDatabase? other = null;
        hub.Orchestrator("Child", _ =>
            {
                if (++tries == 1)
                {
                    other = SqliteDatabase.Open(hub.DatabasePath);
                    other.Execute("BEGIN IMMEDIATE");
                }

                return tries < 3 ? throw new InvalidOperationException("no") : Task.FromResult(tries);
            })
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>(
                "Child", options: new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)), "child")));
        await hub.StartAsync();

        Task<OrchestrationMetadata> run = hub.RunAsync("Parent");
        SpinWait.SpinUntil(() => Volatile.Read(ref tries) == 3, TimeSpan.FromSeconds(10));
        other!.Execute("ROLLBACK");
        other.Dispose();

        Assert.Equal("3", (await run).SerializedOutput);
        Assert.Equal(Completed, (await hub.GetAsync("child")).RuntimeStatus);
    }

    private Func<TaskFailureDetails, bool> Asked(bool answer) => failure =>
    {
        Assert.True(failure.IsCausedBy<InvalidOperationException>());
        _asked.Add(failure.ErrorMessage);
        return answer;
    };

    private async Task<OrchestrationMetadata> RunAsync(TestHub hub, int succeedsAt)
    {
        string id = await hub.BeginAsync("Try", succeedsAt);
        await hub.IdleAsync();
        while (hub.Hub.NextTimer is { } next)
        {
            _clock.SetUtcNow(next);
            await hub.IdleAsync();
        }

        return await hub.EndAsync(id);
    }

    private TestHub Engine(int cached, TaskOptions options)
    {
        DateTimeOffset start = _clock.GetUtcNow();
        return new TestHub(_clock) { Configure = o => o.MaxCachedHistories = cached }
            .Activity<int, int>("Flaky", succeedsAt =>
            {
                _tries.Add((_clock.GetUtcNow() - start).TotalSeconds);
                return _tries.Count < succeedsAt ? throw new InvalidOperationException($"try {_tries.Count}") : _tries.Count;
            })
            .Orchestrator("Try", context => context.CallActivityAsync<int>("Flaky", context.GetInput<int>(), options));
    }
}
