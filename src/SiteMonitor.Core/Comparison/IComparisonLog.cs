namespace SiteMonitor.Core.Comparison;

/// <summary>What was compared: append only.</summary>
public interface IComparisonLog
{
    /// <summary>Writes the comparison unless one with this id is there already.</summary>
    /// <param name="id">The run's id, or for a sample taken by hand the sample's with the issue.</param>
    /// <param name="phase">The rollout phase of that time.</param>
    Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken);

    /// <summary>Oldest first.</summary>
    /// <param name="from">Compared at or after (UTC).</param>
    Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken);
}
