using System.Diagnostics;

namespace SiteMonitor.Benchmarks;

/// <summary>Latency of a two-activity orchestration on an idle engine, one at a time.</summary>
internal static class LatencyBenchmark
{
    private const int WarmUp = 300;

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int instances = options.Instances ?? 1_000;
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(options);
        await MeasureAsync(engine, WarmUp);
        Meter meter = new();
        double[] latencies = await MeasureAsync(engine, instances);
        Array.Sort(latencies);
        return meter.Result(instances, options) with
        {
            P50Milliseconds = Meter.Percentile(latencies, 0.5),
            P99Milliseconds = Meter.Percentile(latencies, 0.99),
        };
    }

    private static async Task<double[]> MeasureAsync(BenchmarkEngine engine, int instances)
    {
        double[] latencies = new double[instances];
        for (int n = 0; n < instances; n++)
        {
            long started = Stopwatch.GetTimestamp();
            string id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("TwoActivities", n, CancellationToken.None);
            await engine.Client.WaitForInstanceCompletionAsync(id, CancellationToken.None);
            latencies[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return latencies;
    }
}
