namespace SiteMonitor.Benchmarks.Crash;

/// <summary>An issue a person opened during the campaign.</summary>
/// <param name="Specialist">Whose label it must end with.</param>
internal sealed record OpenedIssue(int Number, string Specialist);
