using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// Throughput of two-activity orchestrations: each client starts one, waits for its end and starts the next. All sizes are measured by the
/// same warm process, each on its own database, so that only the count differs; a small size, which ends before the machine has settled, is
/// measured several times, and the median counts.
/// </summary>
internal static class OrchestrationsBenchmark
{
    /// <summary>
    /// Instances run on a separate database first, until the hot paths are compiled; otherwise the smallest size would measure the
    /// compiler.
    /// </summary>
    private const int WarmUp = 20_000;

    /// <summary>Minimum number of counted instances, in as many rounds as that takes.</summary>
    private const int MinCounted = 20_000;

    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        if (options.Instances is { } instances)
        {
            return await MeasureAsync(instances, options);
        }

        List<BenchmarkResult> runs = [];
        foreach (int size in Sizes)
        {
            runs.Add(await RunInOwnProcessAsync(size, options));
        }

        return runs[^1] with { Runs = runs };
    }

    private static async Task<BenchmarkResult> MeasureAsync(int instances, BenchmarkOptions options)
    {
        await RoundAsync(WarmUp, options, []);
        List<BenchmarkResult> rounds = [];
        List<double> latencies = [];
        while (rounds.Count * instances < MinCounted)
        {
            rounds.Add(await RoundAsync(instances, options, latencies));
        }

        rounds.Sort((one, other) => one.InstancesPerSecond.CompareTo(other.InstancesPerSecond));
        double[] sorted = [.. latencies.Order()];
        return rounds[rounds.Count / 2] with
        {
            Clients = options.Clients,
            CpuSeconds = rounds.Average(r => r.CpuSeconds),
            PeakMemoryBytes = rounds.Max(r => r.PeakMemoryBytes),
            P50Milliseconds = Meter.Percentile(sorted, 0.5),
            P99Milliseconds = Meter.Percentile(sorted, 0.99),
        };
    }

    private static async Task<BenchmarkResult> RoundAsync(int instances, BenchmarkOptions options, List<double> latencies)
    {
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(options);
        double[] measured = new double[instances];
        Meter meter = new();
        await DriveAsync(engine, instances, options.Clients, measured);
        BenchmarkResult result = meter.Result(instances, options);
        latencies.AddRange(measured);
        return result with { BytesPerInstance = await engine.StopAndMeasureAsync() / (double)instances };
    }

    private static Task DriveAsync(BenchmarkEngine engine, int instances, int clients, double[] latencies)
    {
        int next = -1;
        return Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (int n = Interlocked.Increment(ref next); n < instances; n = Interlocked.Increment(ref next))
            {
                long started = Stopwatch.GetTimestamp();
                string id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("TwoActivities", n, CancellationToken.None);
                await engine.Client.WaitForInstanceCompletionAsync(id, CancellationToken.None);
                latencies[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
    }

    /// <summary>Runs one size in a process of its own, so that the peak memory is that of this size alone.</summary>
    private static async Task<BenchmarkResult> RunInOwnProcessAsync(int instances, BenchmarkOptions options)
    {
        string json = Path.GetTempFileName();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (string argument in (string[])
            [typeof(Cli).Assembly.Location, "orchestrations", "--instances", instances.ToString(
                CultureInfo.InvariantCulture), "--json", json,
                "--clients", options.Clients.ToString(CultureInfo.InvariantCulture), "--durability", options.Durability.ToString()])
        {
            if (argument != typeof(Cli).Assembly.Location || Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            {
                start.ArgumentList.Add(argument);
            }
        }

        using Process process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        BenchmarkReport report = JsonSerializer.Deserialize<BenchmarkReport>(await File.ReadAllTextAsync(json), JsonSerializerOptions.Web)!;
        File.Delete(json);
        return report.Result;
    }
}
