using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Looks up the issues that a merged pull request closes, which its delivery does not list, and completes each.</summary>
public static class MergedPullRequest
{
    [Function(MergedPullRequestInput.Orchestrator)]
    public static async Task<IReadOnlyList<string>> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        MergedPullRequestInput input = MergedPullRequestInput.Read(context);
        ActivityCaller activities = new(context);
        ReadClosingIssuesResult closing = await activities.CallAsync<ReadClosingIssuesResult>(
            nameof(ReadClosingIssues), input, "looks up the issues that the pull request closes", ActivityRetryPolicy.Cleanup);
        List<Task> completions = [];
        foreach (string issue in closing.Issues)
        {
            RedeliveryInput completion = new()
            {
                Issue = issue,
                RequestId = input.RequestId,
                Work = WorkKind.CompletionByMerge,
                ReceivedAt = activities.Clock.Now,
            };
            completions.Add(context.CallSubOrchestratorAsync<string>(RedeliveryInput.Orchestrator, completion));
        }

        await Task.WhenAll(completions);
        return closing.Issues;
    }
}
