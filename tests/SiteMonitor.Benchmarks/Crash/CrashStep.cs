namespace SiteMonitor.Benchmarks.Crash;

/// <summary>One activity of the crash workload.</summary>
internal sealed record CrashStep(string Id, int Number);
