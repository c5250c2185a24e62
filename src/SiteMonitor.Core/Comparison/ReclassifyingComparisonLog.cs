namespace SiteMonitor.Core.Comparison;

/// <summary>Reclassifies stored comparisons by the rules that apply now, so that a rule also accepts differences found before it.</summary>
public sealed class ReclassifyingComparisonLog(IComparisonLog inner, AcceptedDifferenceRules accepted) : IComparisonLog
{
    public Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken) =>
        inner.AppendAsync(id, phase, comparison, cancellationToken);

    public async Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        [.. (await inner.QueryAsync(from, cancellationToken)).Select(c => Comparer.Reclassify(c, accepted.Rules))];
}
