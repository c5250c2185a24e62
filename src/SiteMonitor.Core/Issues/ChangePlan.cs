namespace SiteMonitor.Core.Issues;

/// <summary>What a step would write to an issue as it was just read; or, when the issue no longer allows the step, why nothing is written.</summary>
public sealed record ChangePlan(IssueChange Change, Refusal? Refused = null)
{
    public static ChangePlan Nothing { get; } = new(IssueChange.None);

    public bool IsRefused => Refused is not null;

    public static ChangePlan Refuse(Refusal refusal) => new(IssueChange.None, refusal);
}
