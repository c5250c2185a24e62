using System.Diagnostics;
using System.Globalization;
using DurableTask.Sqlite;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// How fast the routes behind the dashboard answer over a large ledger, the first time after a start and then again and again. The host is
/// started twice: the first start of a version may have to derive facts from the ledger, the second finds them.
/// </summary>
internal static class DashboardBenchmark
{
    private const int Starts = 2;
    private const int Repetitions = 15;
    private static readonly string[] Routes =
        ["rollout", "metrics?days=90", "report?format=json&days=90", "runs?limit=25", "metrics?days=7"];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int runs = options.Instances ?? 100_000;
        string container = $"bench-{Guid.NewGuid():n}";
        KeyValuePair<string, string?>[] settings = options.Blobs is null
            ? []
            : [new("Ledger:ConnectionString", options.Blobs), new("Ledger:Container", container)];
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { Seeds = SeedSet.Empty }, SeedCatalogue.Repository, CancellationToken.None, settings);
        Directory.CreateDirectory(Path.GetDirectoryName(setup.LedgerFile)!);
        LargeLedger ledger = new(runs);
        await ledger.WriteAsync(setup.LedgerFile, withRecords: options.Blobs is null);
        if (options.Blobs is { } connection)
        {
            await ledger.WriteAsync(connection, container);
        }

        List<BenchmarkResult> results = [];
        for (int start = 1; start <= Starts; start++)
        {
            using HostProcess host = options.Blobs is null ? setup.Launch() : setup.LaunchOnBlobs();
            using HttpClient client = await setup.ConnectAsync(host, CancellationToken.None);
            Console.WriteLine($"start {start}, ledger in {(options.Blobs is null ? "SQLite" : "blobs")}");
            foreach (string route in Routes)
            {
                results.Add(await MeasureAsync(client, host, route, start, runs, options));
            }
        }

        return results[^4] with { Runs = results, PeakMemoryBytes = results.Max(r => r.PeakMemoryBytes) };
    }

    private static async Task<BenchmarkResult> MeasureAsync(
        HttpClient client, HostProcess host, string route, int start, int runs, BenchmarkOptions options)
    {
        TimeSpan cold = host.CpuTime;
        double first = await TimeAsync(client, route);
        TimeSpan warm = host.CpuTime;
        List<double> times = [];
        for (int i = 0; i < Repetitions; i++)
        {
            times.Add(await TimeAsync(client, route));
        }

        double cpu = (host.CpuTime - warm).TotalMilliseconds / Repetitions;
        double[] sorted = [.. times.Order()];
        BenchmarkResult result = new Meter().Result(runs, options with { Durability = DurabilityMode.Full }) with
        {
            Case = string.Create(CultureInfo.InvariantCulture, $"{route} (start {start})"),
            AnswerSeconds = first / 1000,
            P50Milliseconds = Meter.Percentile(sorted, 0.5),
            P95Milliseconds = Meter.Percentile(sorted, 0.95),
            CpuSeconds = host.CpuTime.TotalSeconds,
            PeakMemoryBytes = host.PeakMemoryBytes,
            InstancesPerSecond = 0,
        };
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{route,-28} first {first,6:0} ms (CPU {(warm - cold).TotalMilliseconds,5:0}), p50 {result.P50Milliseconds,5:0}, p95 {result.P95Milliseconds,5:0} ms (CPU {cpu,4:0}), peak {result.PeakMemoryBytes / 1048576.0:0} MB"));
        return result;
    }

    private static async Task<double> TimeAsync(HttpClient client, string route)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await client.GetAsync(new Uri(route, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
