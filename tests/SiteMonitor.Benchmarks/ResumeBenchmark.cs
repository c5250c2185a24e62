using DurableTask.Sqlite.Hosting;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// A start on a database with many unfinished orchestrations, each of which has finished a step and was running an activity when the host
/// ended. Measured from the start of the engine until all of them have continued, including activity, replay and commit.
/// </summary>
internal static class ResumeBenchmark
{
    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int instances = options.Instances ?? 10_000;
        string folder = Directory.CreateTempSubdirectory("sitemonitor-bench-").FullName;
        try
        {
            await LeaveUnfinishedAsync(instances, options, folder);
            Meter meter = new();
            await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(
                options, folder, registry => Register(registry, (n, _) => Task.FromResult(n + 1)));
            await engine.Hub.WhenIdleAsync(CancellationToken.None);
            BenchmarkResult result = meter.Result(instances, options);
            int left = engine.Hub.UnfinishedInstances;
            return left == 0 ? result : throw new InvalidOperationException($"{left} instances did not go on.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task LeaveUnfinishedAsync(int instances, BenchmarkOptions options, string folder)
    {
        int reached = 0;
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(
            options,
            folder,
            registry => Register(registry, async (n, stop) =>
            {
                Interlocked.Increment(ref reached);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return n;
            }),
            settings => settings.MaxConcurrentActivities = Math.Min(10_000, instances));
        await Task.WhenAll(
            Enumerable.Range(0, instances).Select(
                n => engine.Client.ScheduleNewOrchestrationInstanceAsync("InFlight", n, CancellationToken.None)));
        while (reached < instances)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static void Register(TaskHubFunctions registry, Func<int, CancellationToken, Task<int>> last)
    {
        registry.AddActivity("Add", typeof(int), (_, input, _) => Task.FromResult<object?>((int)input! + 1));
        registry.AddActivity("Last", typeof(int), async (_, input, stopping) => await last((int)input!, stopping));
        registry.AddOrchestrator("InFlight", async context =>
        {
            int first = await context.CallActivityAsync<int>("Add", context.GetInput<int>());
            return await context.CallActivityAsync<int>("Last", first);
        });
    }
}
