using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>The end of an issue's life. Runs under the same instance id as <see cref="IssuePipeline"/>, so that the two never work on an issue at once.</summary>
public static class IssueCompletion
{
    [Function(nameof(IssueCompletion))]
    public static async Task<PipelineResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        CompletionInput input = context.GetInput<CompletionInput>() ?? throw new InvalidOperationException("A completion needs an input that names its issue.");
        if (input.Version > CompletionInput.CurrentVersion)
        {
            throw new InvalidOperationException($"The completion was started by a newer version of the application (input version {input.Version}).");
        }

        ActivityCaller steps = new(context);
        RunClock clock = new(context, steps);
        string runId = context.NewGuid().ToString("N");
        CompleteIssueResult? answer = null;
        RunResult end;
        try
        {
            CompleteIssueInput step = new(input.ByMerge) { Issue = input.Issue };
            answer = (await steps.CallAsync<CompleteIssueResult>(nameof(CompleteIssue), step, "completes the issue", ActivityRetryPolicy.Cleanup)).Value!;
            clock.MarkWrite();
            end = EndOf(answer);
        }
        catch (ActivityFailedException failure)
        {
            end = RunResult.Failed(failure.Code, failure.Reason);
        }

        RunRecord record = Record(input, runId, end, answer, steps, clock);
        await steps.CallAsync<RecordRunResult>(nameof(RecordRun), record, "writes the ledger", ActivityRetryPolicy.Cleanup);
        return new PipelineResult { RunId = runId, Outcome = WireName.Of(end.Outcome), ReasonCode = end.Code, Reason = end.Reason };
    }

    private static RunResult EndOf(CompleteIssueResult answer) => answer switch
    {
        { Refusal: { } refusal } => RunResult.Skipped(refusal),
        { ByMerge: true } => new RunResult(RunOutcome.Succeeded, LedgerSuccessHistory.MergedCode, "The pull request that closes the issue was merged."),
        _ => new RunResult(RunOutcome.Succeeded, LedgerSuccessHistory.ClosedAsCompletedCode, "The issue was closed as completed."),
    };

    private static RunRecord Record(CompletionInput input, string runId, RunResult end, CompleteIssueResult? answer, ActivityCaller steps, RunClock clock) => new()
    {
        Kind = RunKind.Completion,
        RunId = runId,
        Issue = input.Issue,
        Trigger = TriggerNames.Webhook,
        RequestedStage = "completion",
        InputHash = answer?.InputHash ?? string.Empty,
        Outcome = end.Outcome,
        ReasonCode = end.Code,
        Reason = end.Reason,
        Specialists = answer?.Specialists ?? [],
        Usage = steps.Usage,
        DurationMs = clock.DurationMs,
        Started = clock.Started,
        Ended = clock.Now,
    };
}
