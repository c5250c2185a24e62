using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Notes the writes of a dry run instead of making them, and shows the issue as if those planned so far were made.</summary>
internal sealed class DryRunTracker(IIssueTracker inner, PlanContext context, string step, IReadOnlyList<Core.Contracts.PlannedWrite> before) : IIssueTracker
{
    private readonly List<Core.Contracts.PlannedWrite> _writes = [];

    public IReadOnlyList<Core.Contracts.PlannedWrite> Writes => _writes;

    public async Task<CallResult<IssueSnapshot>> ReadAsync(IssueRef issue, CancellationToken cancellationToken) =>
        (await inner.ReadAsync(issue, cancellationToken)).Then(AsPlanned);

    public async Task<CallResult<IssueSnapshot>> ApplyAsync(IssueRef issue, string nodeId, IssueChange change, CancellationToken cancellationToken) =>
        (await ReadAsync(issue, cancellationToken)).Then(snapshot =>
        {
            _writes.Add(Describe(snapshot, change));
            return DryRun.After(snapshot, change);
        });

    public Task<CallResult<CopilotAssignment>> AssignCopilotAsync(IssueRef issue, string nodeId, CancellationToken cancellationToken)
    {
        _writes.Add(new Core.Contracts.PlannedWrite { Step = step, AssignsCopilot = true });
        return Task.FromResult(CallResult<CopilotAssignment>.Ok(new CopilotAssignment(true, "Taken for granted in a dry run.")));
    }

    public Task<CallResult<IReadOnlyList<Candidate>>> ListCandidatesAsync(CandidateQuery query, CancellationToken cancellationToken) =>
        inner.ListCandidatesAsync(query, cancellationToken);

    public Task<CallResult<IReadOnlyList<IssueRef>>> ReadClosingIssuesAsync(RepositoryRef repository, int pullRequest, CancellationToken cancellationToken) =>
        inner.ReadClosingIssuesAsync(repository, pullRequest, cancellationToken);

    public Task<IReadOnlySet<string>> OwnLoginsAsync(CancellationToken cancellationToken) => inner.OwnLoginsAsync(cancellationToken);

    private IssueSnapshot AsPlanned(IssueSnapshot snapshot) =>
        before.Concat(_writes).Aggregate(snapshot, (issue, write) => DryRun.After(issue, new IssueChange { AddLabels = write.AddLabels, RemoveLabels = write.RemoveLabels }));

    private Core.Contracts.PlannedWrite Describe(IssueSnapshot snapshot, IssueChange change)
    {
        ILookup<string, string> lines = DryRun.Describe(context, snapshot, change).ToLookup(line => line.Kind, line => line.Text);
        return new Core.Contracts.PlannedWrite
        {
            Step = step,
            AddLabels = change.AddLabels,
            RemoveLabels = change.RemoveLabels,
            Body = lines["body"].FirstOrDefault(),
            Comment = lines["comment"].FirstOrDefault(),
            Closes = change.Close,
        };
    }
}
