using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.Activities;

/// <summary>Asks which issues a merged pull request closes.</summary>
public sealed class ReadClosingIssues(ActivityExecutor runner, IIssueTracker tracker, RepositoryScope scope)
{
    [Function(nameof(ReadClosingIssues))]
    public Task<ActivityResult<ReadClosingIssuesResult>> RunAsync([ActivityTrigger] MergedPullRequestInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(ReadClosingIssues), input.Repository, async () =>
        {
            CallResult<IReadOnlyList<IssueRef>> read =
                await tracker.ReadClosingIssuesAsync(RepositoryRef.Parse(input.Repository), input.PullRequest, cancellationToken);
            return read.Then(issues => new ReadClosingIssuesResult([.. issues.Where(i => scope.Includes(i.Repository)).Select(i => i.Canonical)]));
        });
}
