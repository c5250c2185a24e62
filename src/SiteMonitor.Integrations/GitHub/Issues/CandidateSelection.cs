using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Selects the issues that a query wants from its listings; an issue in several listings is judged once.</summary>
internal sealed class CandidateSelection(CandidateQuery query)
{
    private readonly Dictionary<int, bool> _judged = [];
    private readonly Dictionary<int, Candidate> _found = [];

    public IReadOnlyCollection<Candidate> Found => _found.Values;

    /// <summary>Returns as many issues as the query asks for: urgent ones first, then authors in turn.</summary>
    public IReadOnlyList<Candidate> Selected => [.. FairOrder.Sort(_found.Values.OrderBy(c => c.Ref.Number)).Take(query.Limit)];

    /// <returns>Whether it is wanted.</returns>
    public async ValueTask<bool> AddIfWantedAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (!_judged.TryGetValue(candidate.Ref.Number, out bool isWanted))
        {
            isWanted = candidate.Labels.Intersect(query.Labels, StringComparer.OrdinalIgnoreCase).Any()
                && await query.IsWanted(candidate, cancellationToken);
            _judged[candidate.Ref.Number] = isWanted;
        }

        if (isWanted)
        {
            _found[candidate.Ref.Number] = candidate;
        }

        return isWanted;
    }

    public void RemoveNonUrgent()
    {
        foreach (int number in _found.Where(f => !IsUrgent(f.Value)).Select(f => f.Key).ToArray())
        {
            _found.Remove(number);
        }
    }

    private static bool IsUrgent(Candidate candidate) => candidate.Labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase);
}
