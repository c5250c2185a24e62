namespace SiteMonitor.Core.Issues;

/// <summary>
/// Issues on GitHub. Every method answers a rate limit as a value (<see cref="CallResult{T}"/>) and throws only
/// <see cref="TransientFailureException"/> (worth another try) or <see cref="PermanentFailureException"/> (404, 410, 422, bad credentials).
/// HTTP requests are counted on the current <see cref="Metering.CallMeter"/>.
/// </summary>
public interface IIssueTracker
{
    /// <summary>Reads the issue, its labels, assignees and our comments: one request.</summary>
    Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken);

    /// <summary>Reads the issue; what a delivery has just shown and the read does not is read again once, after 1.5 s.</summary>
    /// <param name="delivered">What the delivery showed; null where none started the run.</param>
    Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, DeliveredIssue? delivered, CancellationToken cancellationToken);

    /// <summary>Applies the change in one request; the answer is the issue afterwards, with its newest body edits. Labels the repository lacks are created first.</summary>
    Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Writes body and labels and assigns Copilot, in this order, in one request with the user's credential.</summary>
    /// <param name="issue">The issue as just read; the answer's text is compared with it.</param>
    /// <param name="change">Body and labels only; empty where only the assignment is missing.</param>
    Task<CallResult<HandOverResult>> HandOverAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Unassigns Copilot and then applies the change, in one request with the user's credential.</summary>
    /// <param name="change">Body and labels only; may be empty.</param>
    Task<CallResult<IssueSnapshot>> TakeBackAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken);

    /// <summary>Assigns the Copilot coding agent with the user token: REST first, verified on the answer, GraphQL as the fallback. Idempotent.</summary>
    Task<CallResult<CopilotAssignment>> AssignCopilotAsync(IssueRef issue, string nodeId, CancellationToken cancellationToken);

    /// <summary>
    /// Open issues for a batch: <c>urgent</c> first, then oldest first; pages through as needed, with conditional requests, at most <see cref="CandidateQuery.MaxPages"/> a label.
    /// Where a rate limit comes between, the urgent ones found before it are in the answer too.
    /// </summary>
    Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken);

    /// <summary>The issues that a pull request closes when merged.</summary>
    Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(RepositoryRef repository, int pullRequest, CancellationToken cancellationToken);

    /// <summary>The logins that our label writes show (for recognising deliveries that they cause), so not that of a user who only assigns Copilot; cached after the first call.</summary>
    Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken);

    /// <summary>The login of the user that hands issues over, and so adds labels too; null until the first hand-over.</summary>
    string? UserLogin { get; }
}

/// <summary>What a webhook delivery showed of an issue, for a read that a lagging replica may answer.</summary>
/// <param name="Labels">Labels that stood on the issue.</param>
public sealed record DeliveredIssue(IReadOnlyList<string> Labels);

/// <summary>Opens issues of our own: test issues, announcements. Failures as in <see cref="IIssueTracker"/>.</summary>
public interface IIssueOpener
{
    /// <summary>Numbers and titles of the issues, open or closed, that bear the label: at most the newest 100.</summary>
    Task<CallResult<IReadOnlyDictionary<string, int>>> ListTitlesAsync(RepositoryRef repository, string label, CancellationToken cancellationToken);

    Task<CallResult<IssueRef>> OpenAsync(RepositoryRef repository, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken);
}
