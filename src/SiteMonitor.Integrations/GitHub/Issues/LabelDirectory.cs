using System.Collections.Concurrent;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Graph;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Node ids of labels, which GraphQL writes need: learnt with the first read in a repository and kept in memory for a while.</summary>
internal sealed class LabelDirectory(SpecialistCatalogue catalogue, TimeProvider machine)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<RepositoryRef, Entry> _entries = new();

    /// <summary>The labels the pipeline writes.</summary>
    public IReadOnlyList<string> Written { get; } =
    [
        WorkflowLabels.SiteMonitor, .. WorkflowLabels.ShortLived, WorkflowLabels.CopilotAssigned, WorkflowLabels.Completed,
        WorkflowLabels.NeedsReview, WorkflowLabels.NeedsClarification, .. catalogue.Specialists.Select(s => s.Label),
    ];

    /// <summary>The repository's node id, or null when its labels have to be looked up (again).</summary>
    public string? RepositoryId(RepositoryRef repository) =>
        _entries.TryGetValue(repository, out Entry? entry) && machine.GetElapsedTime(entry.Learnt) < Lifetime ? entry.Id : null;

    public string? Find(RepositoryRef repository, string label) =>
        _entries.TryGetValue(repository, out Entry? entry) ? entry.Ids.GetValueOrDefault(label) : null;

    /// <summary>Takes in the answer to a look-up of all of <see cref="Written"/>.</summary>
    public void Learn(RepositoryRef repository, string repositoryId, IEnumerable<LabelNode> labels)
    {
        Entry entry = new(repositoryId, machine.GetTimestamp(), new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase));
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
    public void Forget(RepositoryRef repository) => _entries.TryRemove(repository, out _);

    private sealed record Entry(string Id, long Learnt, ConcurrentDictionary<string, string> Ids);
}
