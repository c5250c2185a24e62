using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>The labels of one issue, compared ignoring case.</summary>
internal readonly struct LabelSet(IReadOnlyCollection<string> labels)
{
    private static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public bool Has(string label) => labels.Contains(label, Comparer);

    public bool HasAll(IReadOnlyCollection<string> wanted) => wanted.Count > 0 && wanted.All(Has);

    public bool HasAny(IEnumerable<string> wanted) => wanted.Any(Has);

    /// <summary>Those that are not on the issue yet, each once.</summary>
    public string[] GetMissing(IEnumerable<string> wanted)
    {
        LabelSet here = this;
        return [.. wanted.Where(label => !here.Has(label)).Distinct(Comparer)];
    }

    /// <summary>Those that are on the issue, in the issue's own spelling.</summary>
    public string[] GetPresent(IEnumerable<string> wanted)
    {
        HashSet<string> names = new(wanted, Comparer);
        return [.. labels.Where(names.Contains).Distinct(Comparer)];
    }

    /// <summary>Labels of the catalogue that are on the issue, in the catalogue's spelling and order.</summary>
    public string[] GetSpecialists(SpecialistCatalogue catalogue)
    {
        LabelSet here = this;
        return [.. catalogue.Specialists.Select(s => s.Label).Where(here.Has)];
    }

    /// <summary>Known specialist labels on the issue that the catalogue has no entry for.</summary>
    public string[] GetSpecialistsWithoutEntry(SpecialistCatalogue catalogue) =>
        GetPresent(WorkflowLabels.KnownSpecialists.Where(label => catalogue.Find(label) is null));
}
