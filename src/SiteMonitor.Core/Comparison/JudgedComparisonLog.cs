namespace SiteMonitor.Core.Comparison;

/// <summary>Shows what was compared as the rules in force now judge it: a difference that the team documents as an improvement is accepted from then on, without comparing those issues again.</summary>
public sealed class JudgedComparisonLog(IComparisonLog inner, AcceptedRules accepted) : IComparisonLog
{
    public Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken) =>
        inner.AppendAsync(id, phase, comparison, cancellationToken);

    public async Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        [.. (await inner.QueryAsync(from, cancellationToken)).Select(c => Comparer.Reclassify(c, accepted.Rules))];
}
