namespace SiteMonitor.Core.Issues;

/// <summary>What a step would write to an issue as it was just read; or, when the issue no longer allows the step, why nothing is written.</summary>
public sealed record ChangePlan(IssueChange Change, Refusal? Refused = null)
{
    public static ChangePlan Nothing { get; } = new(IssueChange.None);

    public bool IsRefused => Refused is not null;

    /// <summary>Whether the comment holds guidance that does not fit into the body, so that it must be written before Copilot is assigned.</summary>
    public bool IsGuidanceInComment { get; init; }

    public static ChangePlan Refuse(Refusal refusal) => new(IssueChange.None, refusal);
}

/// <summary>Why something is not done.</summary>
/// <param name="Code">Stable, kebab-case: <c>held-by-needs-review</c>.</param>
/// <param name="Reason">For people: what stands in the way and what to do.</param>
public sealed record Refusal(string Code, string Reason);
