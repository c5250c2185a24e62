using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Activities;

/// <summary>Looks up which issues a merged pull request closes.</summary>
public sealed class ReadClosingIssues(ActivityExecutor executor, IIssueTracker tracker, RepositoryScope scope, RepositoryNames names)
{
    [Function(nameof(ReadClosingIssues))]
    public Task<ActivityResult<ReadClosingIssuesResult>> RunAsync(
        [ActivityTrigger] MergedPullRequestInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(ReadClosingIssues), input.Repository, async () =>
        {
            CallResult<IReadOnlyList<IssueRef>> read =
                await tracker.ReadClosingIssuesAsync(RepositoryRef.Parse(input.Repository), input.PullRequest, cancellationToken);
            return read.Then(
                issues => new ReadClosingIssuesResult(
                [
                    .. issues.Select(i => i with { Repository = names.FindKey(i.Repository) })
                        .Where(i => scope.Includes(i.Repository))
                        .Select(i => i.Canonical),
                ]));
        });
}

/// <param name="Issues">Canonical <c>owner/name#12</c>, of configured repositories only.</param>
public sealed record ReadClosingIssuesResult(IReadOnlyList<string> Issues);
