using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Records what a delivery says became of issues, so that a ledger that cannot be reached just then loses nothing.</summary>
public static class OutcomeRecording
{
    [Function(OutcomeInput.Orchestrator)]
    public static async Task<IReadOnlyList<string>> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        OutcomeInput input = OutcomeInput.Read(context);
        ActivityCaller activities = new(context);
        IReadOnlyList<string> issues = input.Issues;
        if (issues.Count == 0)
        {
            MergedPullRequestInput pullRequest = new()
            {
                Repository = input.Repository,
                PullRequest = input.PullRequest,
                RequestId = input.RequestId,
            };
            ReadClosingIssuesResult closing = await activities.CallAsync<ReadClosingIssuesResult>(
                nameof(ReadClosingIssues), pullRequest, "looks up the issues that the pull request closes", ActivityRetryPolicy.Cleanup);
            issues = closing.Issues;
        }

        List<string> recorded = [];
        foreach (string issue in issues)
        {
            RecordOutcomeInput outcome = new(input.RequestId, input.Event, input.ReceivedAt) { Issue = issue };
            RecordOutcomeResult result = await activities.CallAsync<RecordOutcomeResult>(
                nameof(RecordOutcome), outcome, "records what became of the issue", ActivityRetryPolicy.Cleanup);
            recorded.AddRange(result.Codes.Select(code => $"{issue}: {code}"));
        }

        return recorded;
    }
}
