namespace SiteMonitor.Core.Reporting;

/// <summary>One line of a success table.</summary>
/// <param name="Status"><c>met</c>, <c>missed</c> or <c>no-data</c>.</param>
public sealed record ReportRow(string Metric, string Target, string Actual, string Status)
{
    public string Sign => Status switch
    {
        MetricFigure.Met => "✓",
        MetricFigure.Missed => "✗",
        _ => "…",
    };
}
