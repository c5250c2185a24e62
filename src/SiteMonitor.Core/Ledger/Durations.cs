using System.Globalization;

namespace SiteMonitor.Core.Ledger;

/// <summary>Durations of runs, in seconds.</summary>
public sealed class Durations
{
    private readonly double[] _sorted;

    public Durations(IEnumerable<double> seconds)
    {
        _sorted = [.. seconds];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    /// <summary>The mean; null without data.</summary>
    public double? Mean => Count == 0 ? null : _sorted.Average();

    /// <summary>The standard deviation of the sample; null with fewer than two values.</summary>
    public double? StandardDeviation =>
        Count < 2 || Mean is not { } mean ? null : Math.Sqrt(_sorted.Sum(s => (s - mean) * (s - mean)) / (Count - 1));

    /// <summary>
    /// Returns a percentile by nearest rank: the smallest value that this share of the values does not exceed; null without data.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public double? Percentile(double share) => Count == 0 ? null : _sorted[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}

/// <summary>The duration to compare with: the mean of legacy runs, but at least a minimum.</summary>
/// <param name="Seconds">The duration in seconds.</param>
/// <param name="LegacyRuns">Number of legacy runs.</param>
public sealed record Baseline(double Seconds, int LegacyRuns)
{
    public static Baseline Create(Durations legacy, double floorSeconds) => new(Math.Max(legacy.Mean ?? 0, floorSeconds), legacy.Count);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.#} s from {LegacyRuns} legacy runs");
}
