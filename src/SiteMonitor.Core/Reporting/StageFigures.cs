namespace SiteMonitor.Core.Reporting;

/// <summary>How long a stage takes, in seconds; null without data.</summary>
/// <param name="Stage"><c>analysis</c>, <c>preparation</c>, or <c>run</c> for the whole.</param>
/// <param name="Logic"><c>unified</c> or <c>legacy</c>.</param>
public sealed record StageFigures(string Stage, string Logic, int Count, double? Mean, double? P50, double? P95, double? P99, int Errors);
