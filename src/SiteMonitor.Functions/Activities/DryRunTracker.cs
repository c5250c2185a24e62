using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Records the writes of a dry run instead of making them, and shows the issue as if they had been made.</summary>
internal sealed class DryRunTracker(
    IIssueTracker inner,
    PlanContext context,
    string step,
    IReadOnlyList<PlannedWrite> before) : IIssueTracker
{
    private readonly List<PlannedWrite> _writes = [];

    public IReadOnlyList<PlannedWrite> Writes => _writes;

    public string? UserLogin => inner.UserLogin;

    public Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken) =>
        ReadAsync(issue, delivered: null, cancellationToken);

    public async Task<CallResult<IssueSnapshot>> ReadAsync(
        IssueRef issue, IssueObservation? delivered, CancellationToken cancellationToken) =>
        (await inner.ReadAsync(issue, delivered, cancellationToken)).Then(AsPlanned);

    public async Task<CallResult<IssueSnapshot>> ApplyAsync(
        IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken) =>
        (await ReadAsync(issue, cancellationToken)).Then(snapshot =>
        {
            if (DryRun.Describe(context, snapshot, change, step) is { } write)
            {
                _writes.Add(write);
            }

            return DryRun.ApplyChange(snapshot, change);
        });

    public Task<CallResult<AssignCopilotResult>> AssignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        if (DryRun.Describe(context, issue, change, step) is { } write)
        {
            _writes.Add(write);
        }

        _writes.Add(DryRun.AssignCopilot(step));
        CopilotAssignment assumed = new(true, "Taken for granted in a dry run.");
        return Task.FromResult(
            CallResult<AssignCopilotResult>.Ok(
                new AssignCopilotResult(DryRun.ApplyChange(issue, change), assumed) { IsTextAsWritten = true }));
    }

    public Task<CallResult<IssueSnapshot>> UnassignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        if (DryRun.Describe(context, issue, change, step) is { } write)
        {
            _writes.Add(write);
        }

        return Task.FromResult(CallResult<IssueSnapshot>.Ok(DryRun.ApplyChange(issue, change)));
    }

    public Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken) =>
        inner.ListCandidatesAsync(query, cancellationToken);

    public Task<CallResult<RepositoryIdentity>> ReadRepositoryAsync(RepositoryRef repository, CancellationToken cancellationToken) =>
        inner.ReadRepositoryAsync(repository, cancellationToken);

    public Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(
        RepositoryRef repository, int pullRequest, CancellationToken cancellationToken) =>
        inner.ReadClosingIssuesAsync(repository, pullRequest, cancellationToken);

    public Task<IReadOnlySet<string>> GetOwnLoginsAsync(CancellationToken cancellationToken) => inner.GetOwnLoginsAsync(cancellationToken);

    private IssueSnapshot AsPlanned(IssueSnapshot snapshot) =>
        before.Concat(_writes).Aggregate(
            snapshot,
            (issue, write) => DryRun.ApplyChange(
                issue, new IssueChange { AddLabels = write.AddLabels, RemoveLabels = write.RemoveLabels }));
}
