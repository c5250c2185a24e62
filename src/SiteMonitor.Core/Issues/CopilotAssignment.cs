namespace SiteMonitor.Core.Issues;

/// <summary>The result of assigning the Copilot coding agent.</summary>
/// <param name="Assigned">Whether it is assigned: read from the issue's assignees, not from the status code.</param>
/// <param name="Detail">How it was assigned, or why not; for people.</param>
/// <param name="Labels">The labels in the verifying response; null when it had none.</param>
public sealed record CopilotAssignment(bool Assigned, string Detail, IReadOnlyList<string>? Labels = null);

/// <summary>Recognizes the Copilot coding agent among an issue's assignees: its login differs from one GitHub API to the next.</summary>
public static class CopilotLogin
{
    /// <summary>The login that assigns it over REST.</summary>
    public const string Assignable = "copilot-swe-agent[bot]";

    private static readonly string[] KnownLogins = [Assignable, "copilot-swe-agent", "Copilot"];

    public static bool IsCopilot(string? login) => KnownLogins.Contains(login, StringComparer.OrdinalIgnoreCase);
}
