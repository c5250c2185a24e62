using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// Many orchestrations of two activities: so many clients each start one, wait for its end and start the next.
/// Every size is measured by the same warm process, each time on a database of its own, so that nothing but the count differs; a small size, which is over before the machine has
/// settled, is measured several times, and the median counts.
/// </summary>
internal static class OrchestrationsBenchmark
{
    /// <summary>On a database of their own before those that count: until the hot paths are compiled for good. The smallest run would measure the compiler else.</summary>
    private const int WarmUp = 20_000;

    /// <summary>So many are counted at least, in as many rounds as that takes.</summary>
    private const int LeastCounted = 20_000;

    private static readonly int[] s_sizes = [1_000, 10_000, 100_000];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        if (options.Instances is { } instances)
        {
            return await MeasureAsync(instances, options);
        }

        List<BenchmarkResult> runs = [];
        foreach (int size in s_sizes)
        {
            runs.Add(await InProcessOfItsOwnAsync(size, options));
        }

        return runs[^1] with { Runs = runs };
    }

    private static async Task<BenchmarkResult> MeasureAsync(int instances, BenchmarkOptions options)
    {
        await RoundAsync(WarmUp, options, []);
        List<BenchmarkResult> rounds = [];
        List<double> latencies = [];
        while (rounds.Count * instances < LeastCounted)
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

    /// <summary>So that the peak memory is that of this size alone.</summary>
    private static async Task<BenchmarkResult> InProcessOfItsOwnAsync(int instances, BenchmarkOptions options)
    {
        string json = Path.GetTempFileName();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (string argument in (string[])
            [typeof(Cli).Assembly.Location, "orchestrations", "--instances", instances.ToString(CultureInfo.InvariantCulture), "--json", json,
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
