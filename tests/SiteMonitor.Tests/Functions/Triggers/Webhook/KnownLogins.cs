using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Functions.Triggers.Webhook;

/// <summary>A tracker that knows who we are, and is asked nothing else.</summary>
internal sealed class KnownLogins(params string[] logins) : IIssueTracker
{
    /// <summary>How often the logins were read.</summary>
    public int Reads { get; private set; }

    /// <summary>Thrown instead of returning the logins, as while GitHub is down.</summary>
    public PipelineException? Failure { get; set; }

    public Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Failure is null
            ? Task.FromResult<IReadOnlySet<string>>(logins.ToHashSet(StringComparer.OrdinalIgnoreCase))
            : Task.FromException<IReadOnlySet<string>>(Failure);
    }

    public Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public string? UserLogin { get; init; }

    public Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, IssueObservation? delivered, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<AssignCopilotResult>> AssignCopilotAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<IssueSnapshot>> UnassignCopilotAsync(IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<RepositoryIdentity>> ReadRepositoryAsync(RepositoryRef repository, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(RepositoryRef repository, int pullRequest, CancellationToken cancellationToken) => throw new NotSupportedException();
}
