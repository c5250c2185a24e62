namespace SiteMonitor.Core.Rollout.Statistics;

/// <summary>Durations of runs, in seconds.</summary>
public sealed class Durations
{
    private readonly double[] _sorted;

    public Durations(IEnumerable<double> seconds) => _sorted = [.. seconds.Order()];

    public int Count => _sorted.Length;

    /// <summary>Null without data.</summary>
    public double? Mean => Count == 0 ? null : _sorted.Average();

    /// <summary>By nearest rank: the smallest value that at least this share of the values does not exceed; null without data.</summary>
    /// <param name="share">0 to 1.</param>
    public double? Percentile(double share) => Count == 0 ? null : _sorted[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}
