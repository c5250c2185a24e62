namespace SiteMonitor.Core.Issues;

/// <summary>The write that a step makes to an issue as just read, or why the issue does not allow it.</summary>
public sealed record ChangePlan(IssueChange Change, Refusal? Refused = null)
{
    public static ChangePlan Nothing { get; } = new(IssueChange.None);

    public bool IsRefused => Refused is not null;

    /// <summary>
    /// Whether the comment holds guidance that does not fit into the body. It must stand before the body points to it and Copilot is
    /// assigned.
    /// </summary>
    public bool IsGuidanceInComment { get; init; }

    public static ChangePlan Refuse(Refusal refusal) => new(IssueChange.None, refusal);
}

/// <summary>The reason why something is not done.</summary>
/// <param name="Code">Stable code, kebab-case: <c>held-by-needs-review</c>.</param>
/// <param name="Reason">Explanation as display text: what prevents it and what to do.</param>
public sealed record Refusal(string Code, string Reason);
