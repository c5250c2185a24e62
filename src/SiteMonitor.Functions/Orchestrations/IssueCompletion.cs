using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>The end of an issue's life. Runs under the same instance id as <see cref="IssuePipeline"/>, so that the two never work on an issue at once.</summary>
public static class IssueCompletion
{
    [Function(nameof(IssueCompletion))]
    public static async Task<PipelineOutput> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        CompletionInput input = context.GetInput<CompletionInput>() ?? throw new InvalidOperationException("A completion needs an input that names its issue.");
        if (input.Version > CompletionInput.CurrentVersion)
        {
            throw new InvalidOperationException($"The completion was started by a newer version of the application (input version {input.Version}).");
        }

        StepCaller steps = new(context);
        RunClock clock = new(context, steps);
        string runId = context.NewGuid().ToString("N");
        CompleteIssueAnswer? answer = null;
        RunEnd end;
        try
        {
            CompleteIssueInput step = new(input.ByMerge) { Issue = input.Issue };
            answer = (await steps.CallAsync<CompleteIssueAnswer>(nameof(CompleteIssue), step, "completes the issue", StepBudget.Settling)).Answer!;
            clock.Wrote();
            end = EndOf(answer);
        }
        catch (StepFailedException failure)
        {
            end = RunEnd.Failed(failure.Code, failure.Reason);
        }

        RunRecord record = Record(input, runId, end, answer, steps, clock);
        await steps.CallAsync<Recorded>(nameof(RecordRun), record, "writes the ledger", StepBudget.Settling);
        return new PipelineOutput { RunId = runId, Outcome = WireName.Of(end.Outcome), ReasonCode = end.Code, Reason = end.Reason };
    }

    private static RunEnd EndOf(CompleteIssueAnswer answer) => answer switch
    {
        { Refusal: { } refusal } => RunEnd.Skipped(refusal),
        { ByMerge: true } => new RunEnd(RunOutcome.Succeeded, LedgerSuccess.Merged, "The pull request that closes the issue was merged."),
        _ => new RunEnd(RunOutcome.Succeeded, LedgerSuccess.ClosedAsCompleted, "The issue was closed as completed."),
    };

    private static RunRecord Record(CompletionInput input, string runId, RunEnd end, CompleteIssueAnswer? answer, StepCaller steps, RunClock clock) => new()
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
