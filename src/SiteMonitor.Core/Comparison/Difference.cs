namespace SiteMonitor.Core.Comparison;

/// <summary>One thing in which the sides differ.</summary>
/// <param name="Item">What exactly: a label, a login, a heading of the guidance; empty for fields with one value.</param>
/// <param name="Unified">The unified side's value; empty when it has none.</param>
/// <param name="Legacy">The legacy side's value; empty when it has none.</param>
/// <param name="Rule">The id of the rule that accepts it; empty when unexplained.</param>
/// <param name="Reason">That rule's reason.</param>
public sealed record Difference(ComparedField Field, string Item, string Unified, string Legacy, DifferenceClassification Class, string Rule = "", string Reason = "");
