using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks;

/// <summary>Many orchestrations of two activities: so many clients each start one, wait for its end and start the next.</summary>
internal static class OrchestrationsBenchmark
{
    /// <summary>Until the hot paths are compiled for good: the smallest run would measure the compiler else.</summary>
    private const int WarmUp = 4_000;

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
        await using BenchmarkEngine engine = await BenchmarkEngine.StartAsync(options);
        await DriveAsync(engine, WarmUp, options.Clients, new double[WarmUp]);
        Meter meter = new();
        double[] latencies = new double[instances];
        await DriveAsync(engine, instances, options.Clients, latencies);
        BenchmarkResult result = meter.Result(instances, options);
        Array.Sort(latencies);
        return result with
        {
            Clients = options.Clients,
            P50Milliseconds = Meter.Percentile(latencies, 0.5),
            P99Milliseconds = Meter.Percentile(latencies, 0.99),
            BytesPerInstance = await engine.StopAndMeasureAsync() / (double)(instances + WarmUp),
        };
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
