namespace SiteMonitor.Benchmarks;

/// <summary>The report written as JSON.</summary>
/// <param name="InstancesPerSecond">Of the largest run.</param>
/// <param name="RatioToPrevious">Ratio to the run kept in the repository; above 1 is faster. Null without one.</param>
internal sealed record BenchmarkReport(
    string Benchmark, double InstancesPerSecond, DateTimeOffset MeasuredAt, MachineInfo Machine, double? RatioToPrevious,
    BenchmarkResult Result);
