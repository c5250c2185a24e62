using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>What the state machine needs to know of an issue: no text, so it may be stored and passed around.</summary>
public sealed record IssueFacts(IReadOnlyList<string> Labels, bool IsOpen = true, bool IsPullRequest = false, CloseReason? ClosedAs = null)
{
    public static IssueFacts From(IssueSnapshot snapshot) => new(snapshot.Labels, snapshot.IsOpen, snapshot.IsPullRequest, snapshot.ClosedAs);

    /// <summary>The facts of a batch candidate, which is open by definition.</summary>
    public static IssueFacts From(Candidate candidate) => new(candidate.Labels);

    /// <summary>Whether a label stands on it that only a run's own work may show: an interrupted run's, unless one is on. The pipeline mends nothing else by itself.</summary>
    public bool HasShortLived => WorkflowLabels.ShortLived.Any(HasLabel);

    public bool HasLabel(string label) => Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}
