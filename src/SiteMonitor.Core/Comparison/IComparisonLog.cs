namespace SiteMonitor.Core.Comparison;

/// <summary>Stores comparisons; append only.</summary>
public interface IComparisonLog
{
    /// <summary>Appends a comparison unless one with this id exists.</summary>
    /// <param name="id">The run's id; for a sample, the sample's id with the issue.</param>
    /// <param name="phase">The rollout phase at that time.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken);

    /// <summary>Returns the comparisons made at or after a time (UTC), oldest first.</summary>
    Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken);
}
