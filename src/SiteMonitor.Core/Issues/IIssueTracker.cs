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

    /// <summary>Applies a change in one request, after creating the labels that the repository lacks.</summary>
    /// <returns>The issue after the change, with the newest edits of its body.</returns>
    Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Assigns the Copilot coding agent with the user token, by REST or, if that has no effect, by GraphQL. Idempotent.</summary>
    Task<CallResult<CopilotAssignment>> AssignCopilotAsync(IssueRef issue, string nodeId, CancellationToken cancellationToken);

    /// <summary>
    /// Lists open issues for a batch, <c>urgent</c> ones first, then the oldest, with conditional requests and at most
    /// <see cref="CandidateQuery.MaxPages"/> pages a label. At a rate limit the result has the urgent ones found until then.
    /// </summary>
    Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken);

    /// <summary>Reads which issues a pull request closes when it is merged.</summary>
    Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(RepositoryRef repository, int pullRequest, CancellationToken cancellationToken);

    /// <summary>Returns the logins under which our label writes appear, by which deliveries that they cause are recognized. Cached.</summary>
    Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken);
}

/// <summary>Opens issues of our own: test issues, announcements. Fails as <see cref="IIssueTracker"/> does.</summary>
public interface IIssueOpener
{
    /// <summary>Lists titles and numbers of the issues with the label, open or closed, at most the newest 100.</summary>
    Task<CallResult<IReadOnlyDictionary<string, int>>> ListTitlesAsync(RepositoryRef repository, string label, CancellationToken cancellationToken);

    Task<CallResult<IssueRef>> OpenAsync(RepositoryRef repository, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken);
}
