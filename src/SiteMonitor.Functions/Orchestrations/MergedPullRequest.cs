using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Finds the issues that a merged pull request closes, which its delivery does not say, and has each completed.</summary>
public static class MergedPullRequest
{
    [Function(nameof(MergedPullRequest))]
    public static async Task<IReadOnlyList<string>> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        MergedPullRequestInput input = context.GetInput<MergedPullRequestInput>() ?? throw new InvalidOperationException("A merge needs an input that names its pull request.");
        ActivityCaller steps = new(context);
        ActivityResult<ReadClosingIssuesResult> found = await steps.CallAsync<ReadClosingIssuesResult>(
            nameof(ReadClosingIssues), input, "asks which issues the pull request closes", ActivityRetryPolicy.Cleanup);
        List<Task> completions = [];
        foreach (string issue in found.Value!.Issues)
        {
            RedeliveryInput wanted = new()
            {
                Issue = issue,
                RequestId = input.RequestId,
                Work = WorkKind.CompletionByMerge,
                ReceivedAt = new DateTimeOffset(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc)),
            };
            completions.Add(context.CallSubOrchestratorAsync<string>(nameof(Redelivery), wanted));
        }

        await Task.WhenAll(completions);
        return found.Value.Issues;
    }
}
