namespace SiteMonitor.Core.Comparison;

/// <summary>The rules for accepted differences in force: the product's, or the team's own.</summary>
public sealed record AcceptedRules(IReadOnlyList<AcceptedDifference> Rules);
