namespace SiteMonitor.Benchmarks.Crash;

/// <summary>What a crash campaign against the whole host did, and what is wrong after it.</summary>
/// <param name="Opened">Issues opened between the kills, beside the seeds.</param>
/// <param name="Accepted">Of those, the ones whose delivery the host had answered with 202.</param>
/// <param name="Writes">Accepted by the simulated GitHub from the host.</param>
/// <param name="Repeated">Of those, the ones that changed nothing: made again after a kill that kept their answer from being noted.</param>
/// <param name="Faults">One sentence each; none when all is right.</param>
public sealed record HostCrashResult(int Kills, int Opened, int Accepted, int Writes, int Repeated, IReadOnlyList<string> Faults);
