namespace SiteMonitor.Core.Issues;

/// <summary>Whether the Copilot coding agent is now assigned.</summary>
/// <param name="Assigned">Verified on the issue's assignees, not taken from the status code.</param>
/// <param name="Detail">Why not, or by which way, for people.</param>
/// <param name="Labels">The labels the verifying answer showed; null when it showed none.</param>
public sealed record CopilotAssignment(bool Assigned, string Detail, IReadOnlyList<string>? Labels = null);
