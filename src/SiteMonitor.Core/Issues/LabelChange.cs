namespace SiteMonitor.Core.Issues;

/// <summary>What a transition does to the labels: only what is missing is added, only what is there is removed; or why it is refused.</summary>
public sealed record LabelChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove, Refusal? Refused = null)
{
    public static LabelChange None { get; } = new([], []);

    public bool IsEmpty => Add.Count == 0 && Remove.Count == 0;

    public static LabelChange Refuse(string code, string reason) => new([], [], new Refusal(code, reason));

    public IssueChange ToIssueChange() => new() { AddLabels = Add, RemoveLabels = Remove };
}
