using System.Globalization;
using SiteMonitor.Benchmarks.Crash;

namespace SiteMonitor.Benchmarks;

/// <summary>The crash campaign as a command.</summary>
internal static class CrashBenchmark
{
    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        Meter meter = new();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Kills} kills, seed {options.Seed}"));
        CrashFindings findings = await EngineCrash.RunAsync(options.Kills, options.Seed, CancellationToken.None);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{findings.Instances:N0} orchestrations confirmed, all ended as they should; {findings.Steps:N0} activity runs, {findings.Repeated:N0} of them repeats after a kill; nothing lost, nothing run again whose result had been taken."));
        return meter.Result(findings.Instances, options);
    }
}
