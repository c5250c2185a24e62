using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Reads and writes issues on GitHub. Every method returns a rate limit as a value (<see cref="CallResult{T}"/>) and throws only
/// <see cref="TransientFailureException"/> (can be retried) or <see cref="PermanentFailureException"/> (404, 410, 422, bad credentials).
/// HTTP requests are counted by the current call meter.
/// </summary>
public interface IIssueTracker
{
    /// <summary>Reads the issue, its labels, assignees and our comments in one request.</summary>
    Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken);

    /// <summary>Reads the issue. If the result lacks what was seen before, reads it once more after 1.5 s.</summary>
    /// <param name="delivered">What a delivery or an earlier step of the run showed; null when the issue was never seen.</param>
    Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, IssueObservation? delivered, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the change in one request; returns the issue afterwards, with its newest body edits. Labels the repository lacks are
    /// created first.
    /// </summary>
    Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Writes body and labels and assigns Copilot, in this order, in one request with the user's credential.</summary>
    /// <param name="issue">The issue as just read; the answer's text is compared with it.</param>
    /// <param name="change">Body and labels only; empty where only the assignment is missing.</param>
    Task<CallResult<AssignCopilotResult>> AssignCopilotAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Unassigns Copilot and then applies the change, in one request with the user's credential.</summary>
    /// <param name="change">Body, labels and deleted comments only; may be empty.</param>
    Task<CallResult<IssueSnapshot>> UnassignCopilotAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Lists open issues for a batch, <c>urgent</c> ones first, then round robin by author, with conditional requests and at most
    /// <see cref="CandidateQuery.MaxPages"/> pages a label. At a rate limit the result has the urgent ones found until then.
    /// </summary>
    Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken);

    /// <summary>Reads a repository's node id and its present name, which differs from the given one after a rename.</summary>
    Task<CallResult<RepositoryIdentity>> ReadRepositoryAsync(RepositoryRef repository, CancellationToken cancellationToken);

    /// <summary>Reads which issues a pull request closes when it is merged.</summary>
    Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(
        RepositoryRef repository, int pullRequest, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the logins under which our label writes appear, by which deliveries that they cause are recognized. Cached.
    /// </summary>
    Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken);

    /// <summary>The login of the user that hands issues over, and so adds labels too; null until the first hand-over.</summary>
    string? UserLogin { get; }
}

/// <param name="NodeId">GitHub's GraphQL node id.</param>
/// <param name="Name">The present name.</param>
public sealed record RepositoryIdentity(string NodeId, RepositoryRef Name);

/// <summary>What a delivery or an earlier step of the run showed of an issue, to detect reads from a lagging replica.</summary>
/// <param name="Labels">Labels that stood on the issue.</param>
/// <param name="UpdatedAt">When the issue had last changed; null when not known.</param>
/// <param name="RemovedLabel">The label that had just been removed; null when none was.</param>
/// <param name="IsOpen">Whether the issue was open; null when not known.</param>
public sealed record IssueObservation(
    IReadOnlyList<string> Labels, DateTimeOffset? UpdatedAt = null, string? RemovedLabel = null, bool? IsOpen = true)
{
    /// <summary>Keeps only our short-lived labels of what a run last saw: anyone may have changed everything else since.</summary>
    public static IssueObservation WithShortLived(IReadOnlyList<string> labels) =>
        new([.. labels.Intersect(WorkflowLabels.ShortLived, StringComparer.OrdinalIgnoreCase)], IsOpen: null) { IsOfRun = true };

    /// <summary>Whether a run saw this itself, so that labels of its later writes show that a read is newer.</summary>
    public bool IsOfRun { get; init; }

    /// <summary>Returns whether an issue as it was read is at least as new as the delivery.</summary>
    /// <param name="updatedAt">When the issue that was read had last changed; GitHub counts whole seconds.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="isOpen">Whether it was open.</param>
    public bool IsReflectedIn(DateTimeOffset updatedAt, IReadOnlyList<string> labels, bool isOpen)
    {
        int age = UpdatedAt is { } delivered ? updatedAt.ToUnixTimeSeconds().CompareTo(delivered.ToUnixTimeSeconds()) : 0;
        return age > 0 || (IsOfRun && labels.Any(IsOfLaterWrite)) || (age == 0
            && isOpen == (IsOpen ?? isOpen)
            && !Labels.Except(labels, StringComparer.OrdinalIgnoreCase).Any()
            && (RemovedLabel is null || !labels.Contains(RemovedLabel, StringComparer.OrdinalIgnoreCase)));
    }

    private static bool IsOfLaterWrite(string label) =>
        label.Equals(WorkflowLabels.Processing, StringComparison.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.CopilotAssigned, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Opens issues of our own: test issues, announcements. Failures as in <see cref="IIssueTracker"/>.</summary>
public interface IIssueOpener
{
    /// <summary>Lists titles and numbers of the issues with the label, open or closed, at most the newest 100.</summary>
    Task<CallResult<IReadOnlyDictionary<string, int>>> ListTitlesAsync(
        RepositoryRef repository, string label, CancellationToken cancellationToken);

    Task<CallResult<IssueRef>> OpenAsync(
        RepositoryRef repository, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken);
}
