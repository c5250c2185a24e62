using System.Collections.Concurrent;
using System.Collections.Frozen;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Graph;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>
/// Node ids of labels, which GraphQL writes need: learnt with the first read in a repository and kept in memory for a while.
/// </summary>
internal sealed class LabelIdCache(SpecialistCatalogue catalogue, TimeProvider machine)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<RepositoryRef, Entry> _entries = new();

    /// <summary>The labels the pipeline adds or removes.</summary>
    public IReadOnlyList<string> ManagedLabels { get; } = WorkflowLabels.GetManaged(catalogue);

    /// <summary>The repository's node id, or null when its labels have to be looked up (again).</summary>
    public string? FindRepositoryId(RepositoryRef repository) =>
        _entries.TryGetValue(repository, out Entry? entry) && machine.GetElapsedTime(entry.Learnt) < Lifetime ? entry.Id : null;

    public string? FindLabelId(RepositoryRef repository, string label) =>
        _entries.TryGetValue(repository, out Entry? entry) ? entry.Ids.GetValueOrDefault(label) : null;

    /// <summary>Whether the label's id is known, or that the repository does not have it.</summary>
    public bool IsKnown(RepositoryRef repository, string label) =>
        _entries.TryGetValue(repository, out Entry? entry) && (entry.Ids.ContainsKey(label) || entry.Asked.Contains(label));

    /// <summary>Takes in the answer to a look-up.</summary>
    /// <param name="asked">The names looked up: <see cref="ManagedLabels"/>, and perhaps others.</param>
    /// <param name="labels">Those of them that the repository has.</param>
    public void Replace(RepositoryRef repository, string repositoryId, IEnumerable<string> asked, IEnumerable<LabelNode> labels)
    {
        Entry entry = new(
            repositoryId, machine.GetTimestamp(), asked.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        _entries[repository] = entry;
        Add(repository, labels);
    }

    /// <summary>Takes in labels seen otherwise, on an issue or when created.</summary>
    public void Add(RepositoryRef repository, IEnumerable<LabelNode> labels)
    {
        if (_entries.TryGetValue(repository, out Entry? entry))
        {
            foreach (LabelNode label in labels)
            {
                entry.Ids[label.Name] = label.Id;
            }
        }
    }

    /// <summary>After a write that met an id no longer valid.</summary>
    public void Invalidate(RepositoryRef repository) => _entries.TryRemove(repository, out _);

    private sealed record Entry(string Id, long Learnt, FrozenSet<string> Asked, ConcurrentDictionary<string, string> Ids);
}
