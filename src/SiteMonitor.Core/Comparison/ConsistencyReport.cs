namespace SiteMonitor.Core.Comparison;

/// <summary>The figures over a number of compared issues.</summary>
public sealed record ConsistencyReport
{
    /// <summary>Number of issues compared, without those that the legacy rules left unmatched.</summary>
    public required int Compared { get; init; }

    /// <summary>Number of compared issues without any difference.</summary>
    public required int Equal { get; init; }

    /// <summary>Number of compared issues with accepted differences only.</summary>
    public required int Accepted { get; init; }

    /// <summary>Number of compared issues with at least one unexplained difference.</summary>
    public required int Unexplained { get; init; }

    /// <summary>Number of issues that the legacy rules left unmatched.</summary>
    public required int Unmatched { get; init; }

    /// <summary>1 − unexplained / compared, 0 to 1; null when nothing was compared.</summary>
    public required double? Consistency { get; init; }

    /// <summary>All comparisons, oldest first.</summary>
    public required IReadOnlyList<IssueComparison> Issues { get; init; }

    /// <summary>Creates the report over comparisons; of several of one issue the newest counts.</summary>
    public static ConsistencyReport Create(IEnumerable<IssueComparison> comparisons)
    {
        IssueComparison[] newest =
            [.. comparisons.GroupBy(c => c.Issue).Select(group => group.MaxBy(c => c.At)).OfType<IssueComparison>().OrderBy(c => c.At)];
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
