namespace SiteMonitor.Core.Reporting;

/// <summary>A phase as it went.</summary>
/// <param name="To">Null while it is on.</param>
/// <param name="Forced">Whether it was entered although the gate before it was not met.</param>
public sealed record PhaseSpan(string Phase, DateTimeOffset From, DateTimeOffset? To, string By, bool Forced);
