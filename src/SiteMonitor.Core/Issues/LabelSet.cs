using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>The labels of one issue, compared ignoring case.</summary>
internal readonly struct LabelSet(IReadOnlyCollection<string> labels)
{
    private static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public bool Has(string label) => labels.Contains(label, Comparer);

    public bool HasAll(IReadOnlyCollection<string> wanted) => wanted.Count > 0 && wanted.All(Has);

    public bool HasAny(IEnumerable<string> wanted) => wanted.Any(Has);

    /// <summary>Returns those labels that are not on the issue, each once.</summary>
    public string[] GetMissing(IEnumerable<string> wanted)
    {
        LabelSet here = this;
        return [.. wanted.Where(label => !here.Has(label)).Distinct(Comparer)];
    }

    /// <summary>Returns those labels that are on the issue, in the issue's spelling.</summary>
    public string[] GetPresent(IEnumerable<string> wanted)
    {
        HashSet<string> names = new(wanted, Comparer);
        return [.. labels.Where(names.Contains).Distinct(Comparer)];
    }

    /// <summary>Returns the catalogue's labels that are on the issue, in the catalogue's spelling and order.</summary>
    public string[] GetSpecialists(IEnumerable<string> catalogue)
    {
        LabelSet here = this;
        return [.. catalogue.Where(here.Has)];
    }

    /// <summary>Returns the known specialist labels on the issue that are not in the catalogue.</summary>
    public string[] GetSpecialistsWithoutEntry(IEnumerable<string> catalogue) =>
        GetPresent(WorkflowLabels.KnownSpecialists.Except(catalogue, Comparer));
}
