namespace SiteMonitor.Core.Issues;

/// <summary>Whether the Copilot coding agent is now assigned.</summary>
/// <param name="Assigned">Verified on the issue's assignees, not taken from the status code.</param>
/// <param name="Detail">Why not, or by which way, as display text.</param>
/// <param name="Labels">The labels the verifying answer showed; null when it showed none.</param>
/// <param name="Code">Why not, for scripts: one of the constants here; empty when assigned.</param>
public sealed record CopilotAssignment(bool Assigned, string Detail, IReadOnlyList<string>? Labels = null, string Code = "")
{
    /// <summary>GitHub does not suggest the agent for the repository, or not to this user.</summary>
    public const string NotOffered = "copilot-not-offered";

    /// <summary>The user's credential may not assign it.</summary>
    public const string Forbidden = "copilot-forbidden";

    /// <summary>GitHub took the request, and the issue does not show the agent.</summary>
    public const string Ignored = "copilot-ignored";

    /// <summary>The issue has as many assignees as GitHub allows: a person has to make room.</summary>
    public const string AssigneeLimit = "assignee-limit";
}

/// <summary>Result of the request that writes the text and assigns Copilot.</summary>
/// <param name="Issue">The issue as the request's last answer showed it.</param>
public sealed record AssignCopilotResult(IssueSnapshot Issue, CopilotAssignment Copilot)
{
    /// <summary>Whether title and body are as read and written, so that nobody edited them in between.</summary>
    public required bool IsTextAsWritten { get; init; }
}

/// <summary>Recognizes the Copilot coding agent among an issue's assignees: its login differs from one GitHub API to the next.</summary>
public static class CopilotLogin
{
    /// <summary>The login that assigns it over REST.</summary>
    public const string Assignable = "copilot-swe-agent[bot]";

    private static readonly string[] KnownLogins = [Assignable, "copilot-swe-agent", "Copilot"];

    /// <summary>Whether an assignee is a person, whose issue only a start by hand touches.</summary>
    public static bool IsPerson(string login) => !IsCopilot(login) && !login.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase);

    public static bool IsCopilot(string? login) => KnownLogins.Contains(login, StringComparer.OrdinalIgnoreCase);
}
