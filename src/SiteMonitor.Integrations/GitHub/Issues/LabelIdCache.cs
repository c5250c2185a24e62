using System.Collections.Concurrent;
using System.Collections.Frozen;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Graph;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Caches the node ids of labels, which GraphQL writes need; filled by the first read in a repository.</summary>
internal sealed class LabelIdCache(SpecialistCatalogue catalogue, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<RepositoryRef, Entry> _entries = new();

    /// <summary>The labels that the pipeline adds or removes.</summary>
    public IReadOnlyList<string> ManagedLabels { get; } = WorkflowLabels.GetManaged(catalogue);

    /// <summary>Returns the repository's node id, or null if its labels must be looked up (again).</summary>
    public string? FindRepositoryId(RepositoryRef repository) =>
        _entries.TryGetValue(repository, out Entry? entry) && time.GetElapsedTime(entry.ReadAt) < Lifetime ? entry.Id : null;

    public string? FindLabelId(RepositoryRef repository, string label) =>
        _entries.TryGetValue(repository, out Entry? entry) ? entry.Ids.GetValueOrDefault(label) : null;

    /// <summary>Returns whether the label's id is known, or known not to exist.</summary>
    public bool IsKnown(RepositoryRef repository, string label) =>
        _entries.TryGetValue(repository, out Entry? entry) && (entry.Ids.ContainsKey(label) || entry.Asked.Contains(label));

    /// <summary>Stores the result of a look-up.</summary>
    /// <param name="asked">The names looked up: <see cref="ManagedLabels"/>, and perhaps others.</param>
    /// <param name="labels">Those of them that the repository has.</param>
    public void Replace(RepositoryRef repository, string repositoryId, IEnumerable<string> asked, IEnumerable<LabelNode> labels)
    {
        Entry entry = new(
            repositoryId, time.GetTimestamp(), asked.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        _entries[repository] = entry;
        Add(repository, labels);
    }

    /// <summary>Stores labels seen on an issue or just created.</summary>
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

    /// <summary>Forgets a repository's ids after one turned out to be invalid.</summary>
    public void Invalidate(RepositoryRef repository) => _entries.TryRemove(repository, out _);

    private sealed record Entry(string Id, long ReadAt, FrozenSet<string> Asked, ConcurrentDictionary<string, string> Ids);
}
