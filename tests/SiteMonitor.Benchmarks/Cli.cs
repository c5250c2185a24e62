using System.Globalization;
using SiteMonitor.Benchmarks.Backlog;
using SiteMonitor.Benchmarks.Crash;
using SiteMonitor.Benchmarks.Faults;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Benchmarks.Rollback;
using SiteMonitor.Benchmarks.Webhook;

namespace SiteMonitor.Benchmarks;

/// <summary>Parses the command line and runs a benchmark.</summary>
internal static class Cli
{
    private const string Usage = """
        Usage: dotnet dev.cs bench <benchmark> [--instances N] [--json FILE] [--durability full|normal]

          orchestrations  two-activity orchestrations: 1,000, 10,000 and 100,000 of them, or --instances N   [--clients N, default 256]
          latency         one orchestration at a time   [--instances N, default 1,000]
          fanout          one orchestration with --instances N activities at once, default 1,000
          idle            processor time of an engine with 2 × --instances N that wait (default 1,000)
          webhook         acknowledgement of signed deliveries on 1, 16 and 64 connections: --instances N deliveries each (default 10,000), the host in a process of its own
                          [--peer URL: the same against another webhook, started with the secret "dev-secret"]
          pipeline        --issues N findings (default 200) from the start to Copilot's assignment: the host in a process of its own, a simulated GitHub and model in this one
          rollback        how fast a rollback stops unified writes while issues keep coming: by command and by hand, on a flag file and on a simulated App Configuration
          crash           the host in a child that is killed at --kills N random moments (default 25), a simulated GitHub outlives it; its log of writes and the history
                          are checked against a model   [--seed N] [--engine: the durable engine alone]
          faults          --seeds N schedules of faults in the simulators (default 20): latency, resets, error pages, limits, lost responses, revoked tokens, lost
                          deliveries, lagging replicas, kills; after each seed invariants are checked; exit code 1 if one does not hold   [--seed N, the first]
          dashboard       verdict (also in a browser), figures and report over --instances N runs of 90 days (default 100,000): the host in a process of its own, its ledger in SQLite
                          [--blobs CONNECTION: in blobs, of an Azurite at this connection string]
          backlog         how much of GitHub's limits 1, 2 and 4 instances that share a credential use for --issues N (default 1,000), and how soon urgent issues are
                          done: the GitHub client's pacing and rate-limit handlers on simulated time   [--seed N]
          guard           how soon the guard fires at an error rate and how often without cause, simulated with its own code: --instances N trials (default 1,000)   [--seed N]
          resume          a start with --instances N orchestrations in flight, default 10,000

        Times are disturbed by whatever else the machine does; CPU seconds and ratios less so. Earlier figures: tests/SiteMonitor.Benchmarks/results.
        """;

    private static readonly Dictionary<string, Func<BenchmarkOptions, Task<BenchmarkResult>>> Benchmarks = new(
        StringComparer.OrdinalIgnoreCase)
    {
        ["orchestrations"] = OrchestrationsBenchmark.RunAsync,
        ["latency"] = LatencyBenchmark.RunAsync,
        ["fanout"] = FanOutBenchmark.RunAsync,
        ["resume"] = ResumeBenchmark.RunAsync,
        ["idle"] = IdleBenchmark.RunAsync,
        ["webhook"] = WebhookBenchmark.RunAsync,
        ["pipeline"] = PipelineBenchmark.RunAsync,
        ["rollback"] = RollbackBenchmark.RunAsync,
        ["dashboard"] = DashboardBenchmark.RunAsync,
        ["crash"] = CrashBenchmark.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [CrashWorkload.Command, var folder, var mode])
        {
            return await CrashWorkload.RunAsync(folder, finish: mode == "finish");
        }

        if (args is [HostOnBlobs.Command, .. var hostArguments])
        {
            return await HostOnBlobs.RunAsync(hostArguments);
        }

        if (args is [WebhookHost.Command, var hostFolder])
        {
            return await WebhookHost.RunAsync(hostFolder);
        }

        if (args is ["backlog", ..])
        {
            return await RunAsync(async () =>
            {
                await BacklogBenchmark.RunAsync(BenchmarkOptions.Parse(args[1..]));
                return 0;
            });
        }

        if (args is ["guard", ..])
        {
            return await RunAsync(async () =>
            {
                await GuardBenchmark.RunAsync(BenchmarkOptions.Parse(args[1..]));
                return 0;
            });
        }

        if (args is ["faults", ..])
        {
            return await RunAsync(() => FaultsBenchmark.RunAsync(BenchmarkOptions.Parse(args[1..])));
        }

        if (args.Length == 0 || !Benchmarks.TryGetValue(args[0], out Func<BenchmarkOptions, Task<BenchmarkResult>>? benchmark))
        {
            await Console.Error.WriteLineAsync(Usage);
            return args is [] or ["--help"] or ["-h"] ? 0 : 2;
        }

        return await RunAsync(async () =>
        {
            BenchmarkOptions options = BenchmarkOptions.Parse(args[1..]);
            BenchmarkResult result = await benchmark(options);
            await Report.WriteAsync(args[0].ToLower(CultureInfo.InvariantCulture), result, options);
            return 0;
        });
    }

    private static async Task<int> RunAsync(Func<Task<int>> benchmark)
    {
        try
        {
            return await benchmark();
        }
        catch (FormatException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.Message);
            return 2;
        }
    }
}
