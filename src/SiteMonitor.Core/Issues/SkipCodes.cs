namespace SiteMonitor.Core.Issues;

/// <summary>Stable codes of skips and refusals, for scripts, the ledger and tests.</summary>
public static class SkipCodes
{
    public const string Completed = "already-completed";
    public const string CopilotAssigned = "already-copilot-assigned";
    public const string Closed = "issue-closed";
    public const string PullRequest = "is-pull-request";
    public const string NoSpecialistEntry = "specialist-without-catalogue-entry";
    public const string NoWorkflowLabel = "no-workflow-label";
    public const string NotDiscovered = "not-discovered";
    public const string NotAssigned = "not-assigned";
    public const string AssignedMeanwhile = "assigned-meanwhile";

    /// <summary>The issue is assigned to a person.</summary>
    public const string AssignedToPerson = "assigned-to-person";
    public const string Withdrawn = "withdrawn";
    public const string NothingToComplete = "nothing-to-complete";
    public const string NotClosedAsCompleted = "not-closed-as-completed";

    /// <summary>The issue was deleted or converted to a discussion.</summary>
    public const string IssueGone = "issue-gone";

    public const string IssueTransferred = "issue-transferred";

    /// <summary>The repository was first seen by another name, under which the run goes on.</summary>
    public const string RepositoryRenamed = "repository-renamed";
    public const string RepositoryArchived = "repository-archived";
    public const string IssuesDisabled = "issues-disabled";

    /// <summary>Whether the code means that people made the issue inaccessible: a skip, not an error.</summary>
    public static bool IsUnavailable(string code) => code is IssueGone or IssueTransferred or RepositoryArchived or IssuesDisabled;

    /// <summary><c>held-by-needs-review</c>, <c>held-by-needs-clarification</c>, <c>held-by-feature</c>.</summary>
    public static string HeldBy(string label) => $"held-by-{label.Replace(' ', '-')}";
}
