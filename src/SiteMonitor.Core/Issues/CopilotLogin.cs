namespace SiteMonitor.Core.Issues;

/// <summary>The Copilot coding agent among an issue's assignees. GitHub takes one login and shows others, depending on the API.</summary>
public static class CopilotLogin
{
    /// <summary>The login that assigns it over REST.</summary>
    public const string Assignable = "copilot-swe-agent[bot]";

    private static readonly string[] Shown = [Assignable, "copilot-swe-agent", "Copilot"];

    public static bool IsCopilot(string? login) => Shown.Contains(login, StringComparer.OrdinalIgnoreCase);
}
