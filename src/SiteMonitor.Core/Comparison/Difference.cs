namespace SiteMonitor.Core.Comparison;

/// <summary>A difference between the two sides.</summary>
/// <param name="Field">The field that differs.</param>
/// <param name="Item">The label, the login or the heading that differs; empty for fields with one value.</param>
/// <param name="Unified">The unified side's value; empty when it has none.</param>
/// <param name="Legacy">The legacy side's value; empty when it has none.</param>
/// <param name="Class">How it is classified.</param>
/// <param name="Rule">The id of the rule that accepts it; empty when unexplained.</param>
/// <param name="Reason">That rule's reason.</param>
public sealed record Difference(
    ComparedField Field, string Item, string Unified, string Legacy, DifferenceClassification Class, string Rule = "", string Reason = "");

public enum ComparedField
{
    Outcome,
    Specialists,
    Labels,
    Assignees,
    Guidance,
    Duration,
}

/// <summary>The classification of a difference, or of a comparison by its worst difference.</summary>
public enum DifferenceClassification
{
    None,

    /// <summary>A rule documents it as an improvement.</summary>
    Accepted,
    Unexplained,
}

/// <summary>The side that has an item.</summary>
public enum DifferenceSide
{
    /// <summary>Only the unified side has it.</summary>
    Unified,

    /// <summary>Only the legacy side has it.</summary>
    Legacy,

    /// <summary>Both have it, with different values.</summary>
    Both,

    /// <summary>Either side.</summary>
    Any,
}
