namespace SiteMonitor.Core.Issues;

/// <summary>Whether the Copilot coding agent is now assigned.</summary>
/// <param name="Assigned">Verified on the issue's assignees, not taken from the status code.</param>
/// <param name="Detail">Why not, or by which way, for people.</param>
/// <param name="Labels">The labels the verifying answer showed; null when it showed none.</param>
public sealed record CopilotAssignment(bool Assigned, string Detail, IReadOnlyList<string>? Labels = null);

/// <summary>The Copilot coding agent among an issue's assignees. GitHub takes one login and shows others, depending on the API.</summary>
public static class CopilotLogin
{
    /// <summary>The login that assigns it over REST.</summary>
    public const string Assignable = "copilot-swe-agent[bot]";

    private static readonly string[] Shown = [Assignable, "copilot-swe-agent", "Copilot"];

    public static bool IsCopilot(string? login) => Shown.Contains(login, StringComparer.OrdinalIgnoreCase);
}
