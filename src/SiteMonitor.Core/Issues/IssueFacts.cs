using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>The parts of an issue from which its state follows. Without its text, so that it may be stored.</summary>
public sealed record IssueFacts(IReadOnlyList<string> Labels, bool IsOpen = true, bool IsPullRequest = false, CloseReason? ClosedAs = null)
{
    public static IssueFacts From(IssueSnapshot snapshot) =>
        new(snapshot.Labels, snapshot.IsOpen, snapshot.IsPullRequest, snapshot.ClosedAs);

    /// <summary>Returns the facts of a batch candidate, which is always open.</summary>
    public static IssueFacts From(Candidate candidate) => new(candidate.Labels);

    /// <summary>Whether it has a short-lived label, which without an active run an interrupted one has left.</summary>
    public bool HasShortLived => WorkflowLabels.ShortLived.Any(HasLabel);

    public bool HasLabel(string label) => Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}
