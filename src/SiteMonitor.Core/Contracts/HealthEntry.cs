namespace SiteMonitor.Core.Contracts;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">For example <c>flags</c>.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>failing</c>.</param>
/// <param name="Detail">For people: what is wrong and what to do.</param>
public sealed record HealthEntry(string Name, string Status, string Detail);
