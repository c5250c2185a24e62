using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// Completes an issue. Uses the instance id of <see cref="IssuePipeline"/>, so that the two never work on an issue at once.
/// </summary>
public static class IssueCompletion
{
    [Function(CompletionInput.Orchestrator)]
    public static async Task<PipelineResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        CompletionInput input = CompletionInput.Read(context);
        ActivityCaller activities = new(context);
        string runId = context.NewGuid().ToString("N");
        CompleteIssueResult? completed = null;
        RunResult result;
        try
        {
            CompleteIssueInput issue = new(input.ByMerge) { Issue = input.Issue, Delivered = input.Delivered };
            completed = await activities.CallAsync<CompleteIssueResult>(
                nameof(CompleteIssue), issue, "completes the issue", ActivityRetryPolicy.Cleanup);
            result = GetResult(completed);
        }
        catch (ActivityFailedException failure)
        {
            result = SkipCodes.IsUnavailable(failure.Code)
                ? RunResult.Skipped(new Refusal(failure.Code, failure.Reason))
                : RunResult.Failed(failure.Code, failure.Reason);
        }

        RunRecord record = CreateRecord(input, runId, result, completed, activities);
        await activities.CallAsync<RecordRunResult>(nameof(RecordRun), record, "writes the ledger record", ActivityRetryPolicy.Cleanup);
        return new PipelineResult
        {
            RunId = runId,
            Outcome = WireName.Of(result.Outcome),
            ReasonCode = result.Code,
            Reason = result.Reason,
        };
    }

    private static RunResult GetResult(CompleteIssueResult completed) => completed switch
    {
        { Refusal: { } refusal } => RunResult.Skipped(refusal),
        { ByMerge: true } =>
            new RunResult(RunOutcome.Succeeded, LedgerSuccessHistory.MergedCode, "The pull request that closes the issue was merged."),
        _ => new RunResult(RunOutcome.Succeeded, LedgerSuccessHistory.ClosedAsCompletedCode, "The issue was closed as completed."),
    };

    private static RunRecord CreateRecord(
        CompletionInput input, string runId, RunResult result, CompleteIssueResult? completed, ActivityCaller activities) => new()
        {
            Kind = RunKind.Completion,
            RunId = runId,
            Issue = input.Issue,
            Trigger = TriggerNames.Webhook,
            RequestedStage = CompletionInput.RequestedStage,
            InputHash = completed?.InputHash ?? string.Empty,
            Outcome = result.Outcome,
            ReasonCode = result.Code,
            Reason = result.Reason,
            Specialists = completed?.Specialists ?? [],
            LabelsBefore = completed?.LabelsBefore,
            LabelsAdded = completed?.Effect.Added,
            LabelsRemoved = completed?.Effect.Removed,
            LabelsAfter = completed?.LabelsAfter,
            Usage = activities.Usage,
            DurationMs = activities.Clock.DurationMs,
            Started = activities.Clock.Started,
            Ended = activities.Clock.Now,
        };
}
