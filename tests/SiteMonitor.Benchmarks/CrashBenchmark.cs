using System.Globalization;
using DurableTask.Sqlite;
using SiteMonitor.Benchmarks.Crash;

namespace SiteMonitor.Benchmarks;

/// <summary>Runs the crash campaigns as a command.</summary>
internal static class CrashBenchmark
{
    /// <exception cref="InvalidOperationException">Something was lost, applied twice, or stuck.</exception>
    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        Meter meter = new();
        Say($"{options.Kills} kills, seed {options.Seed}");
        int instances = options.EngineOnly ? await EngineAsync(options) : await HostAsync(options);
        return meter.Result(instances, options with { Durability = DurabilityMode.Full });
    }

    private static async Task<int> EngineAsync(BenchmarkOptions options)
    {
        CrashResult findings = await EngineCrash.RunAsync(options.Kills, options.Seed, CancellationToken.None);
        Say($"{findings.Instances:N0} orchestrations confirmed, all ended as they should; {findings.Steps:N0} activity runs, {findings.Repeated:N0} of them repeats after a kill; nothing lost, nothing run again whose result had been taken.");
        return findings.Instances;
    }

    private static async Task<int> HostAsync(BenchmarkOptions options)
    {
        HostCrashResult findings = await HostCrash.RunAsync(options.Kills, options.Seed, CancellationToken.None);
        Say($"{findings.Opened:N0} issues opened beside the seeds, the deliveries of {findings.Accepted:N0} accepted; {findings.Writes:N0} writes to GitHub, {findings.Repeated:N0} of them repeats that changed nothing; {findings.Faults.Count} faults.");
        foreach (string failure in findings.Failures)
        {
            Say($"{failure}");
        }

        return findings.Faults.Count == 0
            ? findings.Opened
            : throw new InvalidOperationException(string.Join('\n', findings.Faults));
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
