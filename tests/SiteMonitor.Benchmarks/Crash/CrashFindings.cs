namespace SiteMonitor.Benchmarks.Crash;

/// <summary>What a crash campaign did.</summary>
/// <param name="Instances">Orchestrations whose start had been confirmed.</param>
/// <param name="Steps">Activity runs.</param>
/// <param name="Repeated">Activity runs that a kill made necessary a second time.</param>
public sealed record CrashResult(int Kills, int Instances, int Steps, int Repeated);
