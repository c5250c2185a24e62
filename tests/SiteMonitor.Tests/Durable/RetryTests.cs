using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.LocalHost.Durable.Storage;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class RetryTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<double> _tries = [];
    private readonly List<int> _asked = [];

    [Theory, BothWays]
    public async Task A_Policy_Backs_Off_On_Durable_Timers_And_Ends_With_The_Last_Failure(int live)
    {
        RetryPolicy policy = new(4, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(5));
        await using TestEngine engine = await Engine(live, TaskOptions.FromRetryPolicy(policy)).StartAsync();

        OrchestrationMetadata ended = await RunAsync(engine, succeedsAt: 99);

        Assert.Equal([0, 2, 6, 11], _tries);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException: Task 'Flaky' (#6) failed with an unhandled exception: try 4", ended.SerializedOutput);
    }

    [Theory, BothWays]
    public async Task A_Policy_Ends_With_The_First_Success(int live)
    {
        await using TestEngine engine = await Engine(live, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1)))).StartAsync();
        Assert.Equal("3", (await RunAsync(engine, succeedsAt: 3)).SerializedOutput);
        Assert.Equal([0, 1, 2], _tries);
    }

    [Fact]
    public async Task A_Policy_That_Does_Not_Handle_The_Failure_Is_Asked_Once_And_Tries_No_More()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = Asked(false) };
        await using TestEngine engine = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(engine, succeedsAt: 99);
        Assert.Single(_tries);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_Policy_Is_Not_Asked_After_The_Last_Try()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = Asked(true) };
        await using TestEngine engine = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(engine, succeedsAt: 99);
        Assert.Equal(3, _tries.Count);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_Policy_Ends_With_Its_Timeout()
    {
        RetryPolicy policy = new(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(25));
        await using TestEngine engine = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        await RunAsync(engine, succeedsAt: 99);
        Assert.Equal([0, 10, 20, 30], _tries);
    }

    [Fact]
    public async Task A_Policy_Whose_Handler_Throws_Fails_The_Orchestration()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1)) { HandleFailure = _ => throw new InvalidOperationException("handler broke") };
        await using TestEngine engine = await Engine(10_000, TaskOptions.FromRetryPolicy(policy)).StartAsync();
        Assert.Equal("System.InvalidOperationException: handler broke", (await RunAsync(engine, succeedsAt: 99)).SerializedOutput);
    }

    [Theory, BothWays]
    public async Task A_Handler_Is_Asked_After_Every_Failure_And_Counts_From_One(int live)
    {
        TaskOptions options = TaskOptions.FromRetryHandler(async context =>
        {
            if (!context.OrchestrationContext.IsReplaying)
            {
                _asked.Add(context.LastAttemptNumber);
            }

            await context.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(7), CancellationToken.None);
            return context.LastAttemptNumber < 3;
        });
        await using TestEngine engine = await Engine(live, options).StartAsync();

        OrchestrationMetadata ended = await RunAsync(engine, succeedsAt: 99);

        Assert.Equal([1, 2, 3], _asked);
        Assert.Equal([0, 7, 14], _tries);
        Assert.Contains("try 3", ended.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Retry_Goes_On_After_A_Restart()
    {
        await using TestEngine engine = await Engine(10_000, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))).StartAsync();
        await engine.BeginAsync("Try", 3, "a");
        await engine.IdleAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await engine.IdleAsync();

        await engine.RestartAsync();
        await engine.IdleAsync();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("3", (await engine.EndAsync("a")).SerializedOutput);
    }

    [Fact]
    public async Task A_Sub_Orchestration_Is_Tried_Again_Too()
    {
        int tries = 0;
        await using TestEngine engine = await new TestEngine()
            .Orchestrator("Child", _ => ++tries < 3 ? throw new InvalidOperationException("no") : Task.FromResult(tries))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>(
                "Child", options: new SubOrchestrationOptions(new RetryPolicy(5, TimeSpan.FromMilliseconds(1)), "child"))).StartAsync();
        Assert.Equal("3", (await engine.RunAsync("Parent")).SerializedOutput);
    }

    [Fact]
    public async Task A_Sub_Orchestration_Is_Tried_Again_Under_Its_Id_Before_The_Disk_Has_Its_Failure()
    {
        int tries = 0;
        await using TestEngine engine = new();
        SqliteDatabase? other = null;
        engine.Orchestrator("Child", _ =>
            {
                if (++tries == 1)
                {
                    other = SqliteDatabase.Open(engine.DatabasePath);
                    other.Execute("BEGIN IMMEDIATE");
                }

                return tries < 3 ? throw new InvalidOperationException("no") : Task.FromResult(tries);
            })
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>(
                "Child", options: new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)), "child")));
        await engine.StartAsync();

        Task<OrchestrationMetadata> run = engine.RunAsync("Parent");
        SpinWait.SpinUntil(() => Volatile.Read(ref tries) == 3, TimeSpan.FromSeconds(10));
        other!.Execute("ROLLBACK");
        other.Dispose();

        Assert.Equal("3", (await run).SerializedOutput);
        Assert.Equal(Completed, (await engine.GetAsync("child")).RuntimeStatus);
    }

    private Func<TaskFailureDetails, bool> Asked(bool answer) => failure =>
    {
        Assert.True(failure.IsCausedBy<InvalidOperationException>());
        _asked.Add(_tries.Count);
        return answer;
    };

    private async Task<OrchestrationMetadata> RunAsync(TestEngine engine, int succeedsAt)
    {
        string id = await engine.BeginAsync("Try", succeedsAt);
        await engine.IdleAsync();
        while (engine.Engine.NextTimer is { } next)
        {
            _clock.SetUtcNow(next);
            await engine.IdleAsync();
        }

        return await engine.EndAsync(id);
    }

    private TestEngine Engine(int live, TaskOptions options)
    {
        DateTimeOffset start = _clock.GetUtcNow();
        return new TestEngine(_clock) { Configure = o => o.MaxLiveOrchestrations = live }
            .Activity<int, int>("Flaky", succeedsAt =>
            {
                _tries.Add((_clock.GetUtcNow() - start).TotalSeconds);
                return _tries.Count < succeedsAt ? throw new InvalidOperationException($"try {_tries.Count}") : _tries.Count;
            })
            .Orchestrator("Try", context => context.CallActivityAsync<int>("Flaky", context.GetInput<int>(), options));
    }
}
