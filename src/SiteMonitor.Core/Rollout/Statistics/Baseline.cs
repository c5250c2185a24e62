using System.Globalization;

namespace SiteMonitor.Core.Rollout.Statistics;

/// <summary>What durations are compared with: the mean of legacy runs, at least the floor.</summary>
/// <param name="Seconds">The value to compare with.</param>
/// <param name="LegacyRuns">How many runs the mean is over.</param>
public sealed record Baseline(double Seconds, int LegacyRuns)
{
    public static Baseline Create(Durations legacy, double floorSeconds) => new(Math.Max(legacy.Mean ?? 0, floorSeconds), legacy.Count);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.#} s from {LegacyRuns} legacy runs");
}
