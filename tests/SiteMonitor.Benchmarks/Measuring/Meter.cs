using System.Diagnostics;

namespace SiteMonitor.Benchmarks;

/// <summary>Measures time, CPU and memory of this process since it was created.</summary>
internal sealed class Meter
{
    private readonly TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly long _started = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public BenchmarkResult Result(int instances, BenchmarkOptions options)
    {
        TimeSpan elapsed = Elapsed;
        using Process process = Process.GetCurrentProcess();
        return new BenchmarkResult
        {
            Instances = instances,
            Seconds = elapsed.TotalSeconds,
            InstancesPerSecond = instances / elapsed.TotalSeconds,
            CpuSeconds = (process.TotalProcessorTime - _cpu).TotalSeconds,
            PeakMemoryBytes = PeakMemory(process),
            Durability = options.Durability.ToString(),
        };
    }

    /// <summary>Returns the value below which a share of the sorted values lies.</summary>
    public static double Percentile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    /// <summary>Returns the peak memory of a process, in bytes.</summary>
    public static long PeakMemory(Process process)
    {
        process.Refresh();
        string path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{process.Id}/status");
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
            : null;
        return line is null
            ? process.PeakWorkingSet64
            : long.Parse(
                line.Split(
                    ' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim('\t'), System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
