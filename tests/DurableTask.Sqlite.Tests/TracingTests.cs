using System.Collections.Concurrent;
using System.Diagnostics;

namespace DurableTask.Sqlite.Tests;

public sealed class TracingTests : IDisposable
{
    private const string Source = "DurableTask.Core";
    private readonly ActivitySource _source = new($"caller-{Guid.NewGuid()}");
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public TracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source || source == _source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_Restart_Goes_On_With_The_Trace_That_The_Caller_Began()
    {
        bool blocks = true;
        TaskCompletionSource blocked = new();
        await using TestHub hub = new();
        await hub
            .Activity<string, string>("Hello", name => $"Hello {name}")
            .Activity<string, string>("Block", async (name, stopping) =>
            {
                blocked.TrySetResult();
                await Task.Delay(blocks ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, TimeProvider.System, stopping);
                return name;
            })
            .Orchestrator("Greet", async context =>
            {
                await context.CallActivityAsync<string>("Hello", "Ada");
                await context.CallActivityAsync<string>("Block", "Ada");
                return await context.CallActivityAsync<string>("Hello", "Bob");
            })
            .StartAsync();
        ActivityTraceId trace;
        string id;
        using (Activity caller = _source.StartActivity("caller")!)
        {
            (trace, id) = (caller.TraceId, await hub.BeginAsync("Greet"));
        }

        await blocked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        blocks = false;
        await hub.RestartAsync();
        await hub.EndAsync(id);

        Activity[] spans = [.. _ended.Where(a => a.TraceId == trace)];
        Activity orchestration = Assert.Single(spans, s => s is { Kind: ActivityKind.Server } && s.DisplayName.StartsWith("orchestration:Greet", StringComparison.Ordinal));
        Assert.Equal("caller", spans.Single(s => s.SpanId == orchestration.ParentSpanId).DisplayName);
        Activity[] scheduled = [.. spans.Where(s => s is { Kind: ActivityKind.Client })];
        Assert.Equal(3, scheduled.Length);
        Assert.All(scheduled, s => Assert.Equal(orchestration.SpanId, s.ParentSpanId));
        Activity[] executed = [.. spans.Where(s => s is { Kind: ActivityKind.Server } && s != orchestration)];
        Assert.Contains(executed, s => s.DisplayName.StartsWith("activity:Block", StringComparison.Ordinal));
        Assert.All(executed, s => Assert.Contains(scheduled, c => c.SpanId == s.ParentSpanId));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }
}
