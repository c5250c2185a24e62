using System.Diagnostics;
using System.Globalization;
using DurableTask.Sqlite;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks;

/// <summary>How fast the routes behind the dashboard answer over a large ledger, the first time after a start and then again and again.</summary>
internal static class DashboardBenchmark
{
    private const int Days = 90;
    private const int Repetitions = 15;
    private static readonly string[] Routes = ["rollout", "metrics?days=90", "report?format=json&days=90", "runs?limit=25", "metrics?days=7"];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int runs = options.Instances ?? 100_000;
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { Seeds = SeedSet.Empty }, SeedCatalogue.Repository, CancellationToken.None);
        Directory.CreateDirectory(Path.GetDirectoryName(setup.LedgerFile)!);
        await SeedAsync(setup.LedgerFile, runs);

        using HostProcess host = setup.Launch();
        using HttpClient client = await setup.ConnectAsync(host, CancellationToken.None);
        Meter meter = new();
        List<BenchmarkResult> results = [];
        foreach (string route in Routes)
        {
            double first = await TimeAsync(client, route);
            List<double> times = [];
            for (int i = 0; i < Repetitions; i++)
            {
                times.Add(await TimeAsync(client, route));
            }

            double[] sorted = [.. times.Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{route,-28} first {first,7:0} ms, p50 {Meter.Percentile(sorted, 0.5),6:0} ms, p95 {Meter.Percentile(sorted, 0.95),6:0} ms, peak {host.PeakMemoryBytes / 1048576.0:0} MB"));
            results.Add(meter.Result(runs, options with { Durability = DurabilityMode.Full }) with
            {
                Case = route,
                AnswerSeconds = first / 1000,
                P50Milliseconds = Meter.Percentile(sorted, 0.5),
                P95Milliseconds = Meter.Percentile(sorted, 0.95),
                PeakMemoryBytes = host.PeakMemoryBytes,
                InstancesPerSecond = 0,
            });
        }

        return results[1] with { Runs = results, CpuSeconds = host.CpuTime.TotalSeconds, PeakMemoryBytes = host.PeakMemoryBytes };
    }

    private static async Task<double> TimeAsync(HttpClient client, string route)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await client.GetAsync(new Uri(route, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task SeedAsync(string file, int runs)
    {
        LocalDatabase database = new(file);
        using SqliteRunLedger ledger = new(database);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset from = now.AddDays(-Days);
        Random random = new(1);
        for (int i = 0; i < runs; i++)
        {
            await ledger.AppendAsync(Run(i, from + ((now - from) * i / runs), random), CancellationToken.None);
        }

        for (DateTimeOffset at = from; at < now; at += Heartbeats.Interval)
        {
            await ledger.AppendAsync(Heartbeats.Create(at, "full"), CancellationToken.None);
        }

        database.Release();
    }

    private static RunRecord Run(int number, DateTimeOffset started, Random random)
    {
        Logic logic = random.NextDouble() < 0.5 ? Logic.Unified : Logic.Legacy;
        double dice = random.NextDouble();
        RunOutcome outcome = dice < 0.005 ? RunOutcome.Failed : dice < 0.15 ? RunOutcome.Waiting : RunOutcome.Succeeded;
        long milliseconds = random.Next(4_000, 16_000);
        return new RunRecord
        {
            Kind = RunKind.Run,
            RunId = new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(),
            Issue = $"{SeedCatalogue.Repository}#{number + 1}",
            Trigger = TriggerNames.Webhook,
            Stages = [new StageRecord(Stage.Analysis, logic, outcome, milliseconds / 2), new StageRecord(Stage.Preparation, logic, outcome, milliseconds / 2)],
            Route = logic,
            RouteReason = "targeting: 50 %",
            FlagsRevision = "3f1c9a7e52d04b68",
            Phase = "full",
            InputHash = Convert.ToHexStringLower(BitConverter.GetBytes((long)number)).PadLeft(64, '0'),
            Outcome = outcome,
            ReasonCode = outcome == RunOutcome.Waiting ? "score-between" : outcome == RunOutcome.Failed ? "github-not-found" : string.Empty,
            Specialists = outcome == RunOutcome.Succeeded ? ["intelligence-analyst"] : [],
            Usage = new Usage { GitHubReads = 2, GitHubWrites = 3, ModelCalls = 1, PromptTokens = 1_400, CompletionTokens = 440, Dollars = 0.0041m },
            DurationMs = milliseconds,
            Started = started,
            Ended = started.AddMilliseconds(milliseconds),
        };
    }
}
