namespace SiteMonitor.Core.Comparison;

/// <summary>One thing in which the sides differ.</summary>
/// <param name="Item">What exactly: a label, a login, a heading of the guidance; empty for fields with one value.</param>
/// <param name="Unified">The unified side's value; empty when it has none.</param>
/// <param name="Legacy">The legacy side's value; empty when it has none.</param>
/// <param name="Rule">The id of the rule that accepts it; empty when unexplained.</param>
/// <param name="Reason">That rule's reason.</param>
public sealed record Difference(ComparedField Field, string Item, string Unified, string Legacy, DifferenceClassification Class, string Rule = "", string Reason = "");

public enum ComparedField
{
    Outcome,
    Specialists,
    Labels,
    Assignees,
    Guidance,
    Duration,
}

/// <summary>How a comparison, or one difference in it, is judged; the worst difference gives the comparison's.</summary>
public enum DifferenceClassification
{
    None,

    /// <summary>A documented improvement, by a rule.</summary>
    Accepted,
    Unexplained,
}

/// <summary>Where a differing item is.</summary>
public enum DifferenceSide
{
    /// <summary>Only the unified side has it.</summary>
    Unified,

    /// <summary>Only the legacy side has it.</summary>
    Legacy,

    /// <summary>Both have it, with different values.</summary>
    Both,

    /// <summary>Wherever it is.</summary>
    Any,
}
