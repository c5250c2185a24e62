namespace SiteMonitor.Core.Reporting;

/// <summary>The runs that started in one piece of time, both logics, those with nothing to do left out.</summary>
/// <param name="From">Start of the piece (UTC).</param>
/// <param name="Errors">Failed and critical ones.</param>
/// <param name="Unified">Those the new logic had a part in.</param>
/// <param name="P50">Median duration of unified runs, seconds; null without data.</param>
/// <param name="P95">The same, 95th percentile.</param>
/// <param name="Commands">Calls of old commands.</param>
public sealed record MetricPoint(DateTimeOffset From, int Runs, int Errors, int Unified, double? P50, double? P95, decimal Dollars, int Commands);
