using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Tests.Core.Rollout;

internal sealed class MemoryComparisons : IComparisonLog
{
    private readonly Dictionary<string, IssueComparison> _byId = [];

    public Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken)
    {
        _byId.TryAdd(id, comparison);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IssueComparison>>([.. _byId.Values.Where(c => c.At >= from).OrderBy(c => c.At)]);

    public void Add(string issue, DateTimeOffset at, DifferenceClassification difference = DifferenceClassification.None, bool unmatched = false)
    {
        SideDecision Decided(Logic logic) => new() { Logic = logic, Outcome = unmatched && logic == Logic.Legacy ? "unmatched" : "assigned", Labels = [], Assignees = [], Specialists = [] };
        Difference[] differences = difference == DifferenceClassification.None ? [] : [new Difference(ComparedField.Labels, "x", "x", string.Empty, difference)];
        _byId[$"{issue}@{at:o}"] = new IssueComparison(issue, at, Decided(Logic.Unified), Decided(Logic.Legacy), differences);
    }
}
