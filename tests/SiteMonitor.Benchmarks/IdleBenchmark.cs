using System.Globalization;

namespace SiteMonitor.Benchmarks;

/// <summary>Cost of an idle engine: half of the instances wait for an event, half for a timer that is due tomorrow.</summary>
internal static class IdleBenchmark
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int instances = options.Instances ?? 1_000;
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(options, register: registry =>
        {
            registry.AddOrchestrator("Wait", async context => await context.WaitForExternalEvent<string>("Never"));
            registry.AddOrchestrator("Sleep", async context =>
            {
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                return null;
            });
        });
        await Task.WhenAll(Enumerable.Range(0, instances).SelectMany(_ => (Task[])
        [
            engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", CancellationToken.None),
            engine.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", CancellationToken.None),
        ]));
        await engine.Hub.WhenIdleAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);

        Meter meter = new();
        await Task.Delay(Duration, TimeProvider.System);
        BenchmarkResult result = meter.Result(2 * instances, options);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.CpuSeconds / result.Seconds:P2} of one processor"));
        return result with { InstancesPerSecond = 0 };
    }
}
