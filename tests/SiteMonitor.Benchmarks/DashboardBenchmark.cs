using System.Diagnostics;
using System.Globalization;
using DurableTask.Sqlite;
using Microsoft.Playwright;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// How fast the routes behind the dashboard answer over a large ledger, the first time after a start and then again and again, and how soon
/// a browser shows the verdict. The host is started twice: the first start of a version may have to derive facts from the ledger, the second
/// finds them.
/// </summary>
internal static class DashboardBenchmark
{
    private const int Starts = 2;
    private const int Repetitions = 15;

    /// <summary>Lets requests of the previous page load finish.</summary>
    private static readonly TimeSpan BetweenPages = TimeSpan.FromSeconds(1);

    private static readonly string[] Routes =
        ["rollout", "metrics?days=90", "report?format=json&days=90", "runs?limit=25", "metrics?days=7"];

    /// <summary>Records when the verdict was on the screen, in milliseconds since the page was opened.</summary>
    private const string WatchVerdict =
        """
        new MutationObserver((_, observer) => {
          if (!document.getElementById("verdict-word")) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => { window.verdictShownAt = performance.now(); }));
        }).observe(document, { childList: true, subtree: true });
        """;

    private const string TimesOfVerdict =
        """
        [window.verdictShownAt, performance.getEntriesByType("resource").find(r => r.name.endsWith("/api/rollout")).startTime]
        """;

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
        await using Browser? browser = await Browser.StartAsync();
        for (int start = 1; start <= Starts; start++)
        {
            using HostProcess host = options.Blobs is null ? setup.Launch() : setup.LaunchOnBlobs();
            using HttpClient client = await setup.ConnectAsync(host, CancellationToken.None);
            Console.WriteLine($"start {start}, ledger in {(options.Blobs is null ? "SQLite" : "blobs")}");
            foreach (string route in Routes)
            {
                results.Add(await MeasureAsync(client, host, route, start, runs, options));
            }

            if (browser is null)
            {
                Console.WriteLine("No Chromium, Chrome or Edge is on the PATH: the verdict on the screen is not measured.");
            }
            else
            {
                results.AddRange(await MeasureVerdictAsync(browser, client, host, start, runs, options));
            }
        }

        return results.Last(r => r.Case!.StartsWith("rollout", StringComparison.Ordinal)) with { Runs = results, PeakMemoryBytes = results.Max(r => r.PeakMemoryBytes) };
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

        return Result($"{route} (start {start})", [first, .. times], host, (warm - cold, host.CpuTime - warm), runs, options);
    }

    /// <summary>Opens the dashboard in a new browser window and loads it again and again.</summary>
    private static async Task<BenchmarkResult[]> MeasureVerdictAsync(
        Browser browser, HttpClient client, HostProcess host, int start, int runs, BenchmarkOptions options)
    {
        string key = client.DefaultRequestHeaders.GetValues(HttpAuthorization.Header).Single();
        List<double> sinceOpened = [], sinceRequest = [];
        TimeSpan cold = host.CpuTime, warm = cold;
        await using IBrowserContext context = await browser.Chromium.NewContextAsync(new BrowserNewContextOptions { BypassCSP = true });
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(WatchVerdict);
        await page.GotoAsync(new Uri(client.BaseAddress!, $"dashboard#key={key}").ToString());
        for (int i = 0; i <= Repetitions; i++)
        {
            await page.WaitForFunctionAsync("window.verdictShownAt");
            double[] times = await page.EvaluateAsync<double[]>(TimesOfVerdict);
            sinceOpened.Add(times[0]);
            sinceRequest.Add(times[0] - times[1]);
            await page.WaitForSelectorAsync("body[data-ready=yes]");
            warm = i == 0 ? host.CpuTime : warm;
            await Task.Delay(BetweenPages, TimeProvider.System);
            await page.ReloadAsync();
        }

        (TimeSpan, TimeSpan) cpu = (warm - cold, host.CpuTime - warm);
        return
        [
            Result($"verdict since the page opened (start {start})", sinceOpened, host, cpu, runs, options),
            Result($"verdict since its request (start {start})", sinceRequest, host, cpu, runs, options),
        ];
    }

    /// <param name="milliseconds">The first time and the repetitions.</param>
    /// <param name="cpu">The host's processor time for the first and for all repetitions.</param>
    private static BenchmarkResult Result(
        string name, List<double> milliseconds, HostProcess host, (TimeSpan First, TimeSpan Later) cpu, int runs, BenchmarkOptions options)
    {
        double[] sorted = [.. milliseconds.Skip(1).Order()];
        BenchmarkResult result = new Meter().Result(runs, options with { Durability = DurabilityMode.Full }) with
        {
            Case = name,
            FirstMilliseconds = milliseconds[0],
            P50Milliseconds = Meter.Percentile(sorted, 0.5),
            P95Milliseconds = Meter.Percentile(sorted, 0.95),
            CpuSeconds = host.CpuTime.TotalSeconds,
            PeakMemoryBytes = host.PeakMemoryBytes,
            InstancesPerSecond = 0,
        };
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-42} first {milliseconds[0],5:0} ms (CPU {cpu.First.TotalMilliseconds,5:0}), p50 {result.P50Milliseconds,5:0}, p95 {result.P95Milliseconds,5:0} ms (CPU {cpu.Later.TotalMilliseconds / Repetitions,4:0}), peak {result.PeakMemoryBytes / 1048576.0:0} MB"));
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
