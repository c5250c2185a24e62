using System.Diagnostics;

namespace SiteMonitor.Benchmarks;

/// <summary>One orchestration that starts all its activities at once and waits for them; "instances" are the activities.</summary>
internal static class FanOutBenchmark
{
    private const int Rounds = 20;

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int activities = options.Instances ?? 1_000;
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(options);
        await RoundAsync(engine, activities);
        Meter meter = new();
        double[] latencies = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            latencies[round] = await RoundAsync(engine, activities);
        }

        Array.Sort(latencies);
        return meter.Result(
            activities * Rounds, options) with { P50Milliseconds = Meter.Percentile(latencies, 0.5), P99Milliseconds = latencies[^1] };
    }

    private static async Task<double> RoundAsync(BenchmarkEngine engine, int activities)
    {
        long started = Stopwatch.GetTimestamp();
        string id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("FanOut", activities, CancellationToken.None);
        await engine.Client.WaitForInstanceCompletionAsync(id, CancellationToken.None);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
