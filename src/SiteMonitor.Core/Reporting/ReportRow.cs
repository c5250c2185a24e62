namespace SiteMonitor.Core.Reporting;

/// <summary>One line of a success table.</summary>
/// <param name="Status"><c>met</c>, <c>missed</c>, <c>no-data</c>, or <c>shown</c> where there is no target.</param>
public sealed record ReportRow(string Metric, string Target, string Actual, string Status)
{
    public string Sign => Status switch
    {
        MetricFigure.Met => "✓",
        MetricFigure.Missed => "✗",
        MetricFigure.Shown => "–",
        _ => "…",
    };
}
