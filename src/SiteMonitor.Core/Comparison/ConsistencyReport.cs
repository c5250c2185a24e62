namespace SiteMonitor.Core.Comparison;

/// <summary>The figures over a number of compared issues (product, section 5).</summary>
public sealed record ConsistencyReport
{
    /// <summary>Issues compared; those the legacy rules left unmatched are not among them.</summary>
    public required int Compared { get; init; }

    /// <summary>Of these, without any difference.</summary>
    public required int Equal { get; init; }

    /// <summary>Of these, with accepted differences only.</summary>
    public required int Accepted { get; init; }

    /// <summary>Of these, with at least one difference that no rule accepts.</summary>
    public required int Unexplained { get; init; }

    /// <summary>Issues the legacy rules left unmatched.</summary>
    public required int Unmatched { get; init; }

    /// <summary>1 − unexplained / compared, 0 to 1; null when nothing was compared.</summary>
    public required double? Consistency { get; init; }

    /// <summary>All comparisons, newest last.</summary>
    public required IReadOnlyList<IssueComparison> Issues { get; init; }

    /// <summary>The report over these comparisons; of several of one issue the newest counts.</summary>
    public static ConsistencyReport Create(IEnumerable<IssueComparison> comparisons)
    {
        IssueComparison[] newest = [.. comparisons.GroupBy(c => c.Issue).Select(group => group.MaxBy(c => c.At)).OfType<IssueComparison>().OrderBy(c => c.At)];
        IssueComparison[] compared = [.. newest.Where(c => !c.IsUnmatched)];
        int unexplained = compared.Count(c => c.IsUnexplained);
        return new ConsistencyReport
        {
            Compared = compared.Length,
            Equal = compared.Count(c => c.Class == DifferenceClassification.None),
            Accepted = compared.Count(c => c.Class == DifferenceClassification.Accepted),
            Unexplained = unexplained,
            Unmatched = newest.Length - compared.Length,
            Consistency = compared.Length == 0 ? null : 1 - ((double)unexplained / compared.Length),
            Issues = newest,
        };
    }
}
