namespace SiteMonitor.Core.Reporting;

/// <summary>How often something was seen today, under these labels.</summary>
internal sealed record DailyCount(IReadOnlyList<(string Name, string Value)> Labels, long Count);
