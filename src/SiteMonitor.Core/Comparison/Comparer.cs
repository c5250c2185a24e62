using System.Globalization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Comparison;

/// <summary>Finds every difference between the two sides and classifies it by the rules.</summary>
public static class Comparer
{
    public static IssueComparison Compare(
        IssueRef issue,
        DateTimeOffset at,
        SideDecision unified,
        SideDecision legacy,
        IReadOnlyList<AcceptedDifference> rules)
    {
        IEnumerable<Difference> differences =
        [
            .. Values(ComparedField.Outcome, unified.Outcome, legacy.Outcome),
            .. Sets(ComparedField.Specialists, unified.Specialists, legacy.Specialists),
            .. Sets(ComparedField.Labels, unified.Labels, legacy.Labels),
            .. Sets(ComparedField.Assignees, unified.Assignees, legacy.Assignees),
            .. Outlines(unified.Guidance, legacy.Guidance),
            .. Values(ComparedField.Duration, Milliseconds(unified.DurationMs), Milliseconds(legacy.DurationMs)),
        ];
        return Reclassify(new IssueComparison(issue.Canonical, at, unified, legacy, [.. differences]), rules);
    }

    /// <summary>Returns the comparison with each difference classified by these rules.</summary>
    public static IssueComparison Reclassify(IssueComparison comparison, IReadOnlyList<AcceptedDifference> rules) =>
        comparison with { Differences = [.. comparison.Differences.Select(difference => Classify(difference, rules))] };

    private static Difference Classify(Difference difference, IReadOnlyList<AcceptedDifference> rules) =>
        rules.FirstOrDefault(rule => rule.Accepts(difference)) is { } rule
            ? difference with { Class = DifferenceClassification.Accepted, Rule = rule.Id, Reason = rule.Reason }
            : difference with { Class = DifferenceClassification.Unexplained, Rule = string.Empty, Reason = string.Empty };

    private static IEnumerable<Difference> Values(ComparedField field, string unified, string legacy) =>
        unified == legacy ? [] : [new Difference(field, string.Empty, unified, legacy, DifferenceClassification.Unexplained)];

    private static IEnumerable<Difference> Sets(ComparedField field, IReadOnlyList<string> unified, IReadOnlyList<string> legacy) =>
    [
        .. unified.Except(legacy, StringComparer.OrdinalIgnoreCase)
            .Select(item => new Difference(field, item, item, string.Empty, DifferenceClassification.Unexplained)),
        .. legacy.Except(unified, StringComparer.OrdinalIgnoreCase)
            .Select(item => new Difference(field, item, string.Empty, item, DifferenceClassification.Unexplained)),
    ];

    private static IEnumerable<Difference> Outlines(
        IReadOnlyDictionary<string, string> unified,
        IReadOnlyDictionary<string, string> legacy) =>
        from heading in unified.Keys.Union(legacy.Keys)
        let ours = unified.GetValueOrDefault(heading, string.Empty)
        let theirs = legacy.GetValueOrDefault(heading, string.Empty)
        where ours != theirs
        select new Difference(ComparedField.Guidance, heading, ours, theirs, DifferenceClassification.Unexplained);

    private static string Milliseconds(long ms) => $"{ms.ToString(CultureInfo.InvariantCulture)} ms";
}
