namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Reads how comparisons came out.</summary>
public interface IComparisonCounts
{
    Task<ComparisonCount> CountAsync(DateTimeOffset from, CancellationToken cancellationToken);
}
