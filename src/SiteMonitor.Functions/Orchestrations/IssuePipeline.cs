using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>What happens to an issue. One instance an issue, named after it, so that no two runs ever work on the same one.</summary>
public static class IssuePipeline
{
    /// <summary>How often the kill switch may send one run back to its beginning.</summary>
    private const int MaxReroutes = 3;

    [Function(nameof(IssuePipeline))]
    public static async Task<PipelineResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PipelineRun run = PipelineRun.Begin(context);
        RunResult end = await ProcessOrSettleAsync(run);
        PipelineResult output = await run.CloseAsync(end);
        if (end.Outcome == RunOutcome.Rerouted && run.Input.Reroutes < MaxReroutes && !run.Input.DryRun)
        {
            context.ContinueAsNew(run.Input with { Reroutes = run.Input.Reroutes + 1 });
        }

        return output;
    }

    /// <summary>Whatever happens on the way, no short-lived label stays behind.</summary>
    private static async Task<RunResult> ProcessOrSettleAsync(PipelineRun run)
    {
        RunResult end;
        try
        {
            end = await ProcessAsync(run);
        }
        catch (ActivityFailedException failure)
        {
            return await run.CompensateAsync(failure);
        }

        return end.NeedsRestoring ? await run.RestoreAsync(end) : end;
    }

    private static async Task<RunResult> ProcessAsync(PipelineRun run)
    {
        ReadIssueResult issue = await run.ReadIssueAsync();
        if (issue.Choice.IsSkip)
        {
            return RunResult.Skipped(new(issue.Choice.Code, issue.Choice.Reason), needsRestoring: !issue.IsSettled);
        }

        DecideRouteResult route = await run.DecideRouteAsync();
        if (route.SkipReason is { } handled)
        {
            return RunResult.Skipped(handled, needsRestoring: !issue.IsSettled);
        }

        await run.CompareAsync();
        RunResult end = RunResult.Succeeded;
        foreach (Stage stage in issue.Choice.Stages)
        {
            end = await run.StageAsync(stage, () => stage == Stage.Analysis ? AnalyzeAsync(run) : PrepareAsync(run));
            if (!end.Continues)
            {
                break;
            }
        }

        return end;
    }

    private static Task<RunResult> AnalyzeAsync(PipelineRun run) => run.Route.Analysis switch
    {
        Logic.Unified => AnalyzeUnifiedAsync(run),
        Logic.Legacy => AnalyzeLegacyAsync(run),
        _ => SayWaitingAsync(run, Stage.Analysis),
    };

    private static Task<RunResult> PrepareAsync(PipelineRun run) => run.Route.Preparation switch
    {
        Logic.Unified => PrepareUnifiedAsync(run),
        Logic.Legacy => PrepareLegacyAsync(run),
        _ => SayWaitingAsync(run, Stage.Preparation),
    };

    private static async Task<RunResult> AnalyzeUnifiedAsync(PipelineRun run)
    {
        StageResult analyzed = await run.StepAsync(nameof(AnalyzeUnified), "analyses the issue");
        if (analyzed.Status != StageStatus.Done)
        {
            return EndOf(analyzed);
        }

        // The specialists' labels ride on preparation's one write when that comes next in this run.
        bool assigns = analyzed.Analysis!.Outcome == AnalysisOutcome.Assign;
        if (assigns && run.GoesOnTo(Stage.Preparation, Logic.Unified))
        {
            return RunResult.Succeeded;
        }

        StageResult concluded = await run.StepAsync(nameof(ConcludeAnalysis), "writes the result of the analysis");
        return concluded.Status != StageStatus.Done ? EndOf(concluded)
            : assigns ? RunResult.Succeeded
            : RunResult.Waiting(analyzed.Analysis.ReasonCode, analyzed.Analysis.Reason);
    }

    private static async Task<RunResult> AnalyzeLegacyAsync(PipelineRun run)
    {
        StageResult analyzed = await run.StepAsync(nameof(AnalyzeLegacy), "analyses the issue by the legacy rules");
        return analyzed.Status != StageStatus.Done ? EndOf(analyzed)
            : analyzed.Specialists.Count > 0 ? RunResult.Succeeded
            : new RunResult(RunOutcome.Unmatched, "no-rule-matched", "No rule of the catalogue matches the issue.");
    }

    private static async Task<RunResult> PrepareUnifiedAsync(PipelineRun run)
    {
        StageResult prepared = await run.StepAsync(nameof(PrepareUnified), "writes the guidance");
        if (prepared.Status != StageStatus.Done)
        {
            return EndOf(prepared);
        }

        CopilotAssignment copilot = await run.AssignCopilotAsync();
        StageResult finished = await run.StepAsync(nameof(FinishPreparation), "marks the issue as handed over");
        return finished.Status != StageStatus.Done ? EndOf(finished)
            : copilot.Assigned ? RunResult.Succeeded
            : RunResult.Failed("copilot-unassigned", copilot.Detail);
    }

    private static async Task<RunResult> PrepareLegacyAsync(PipelineRun run)
    {
        StageResult prepared = await run.StepAsync(nameof(PrepareLegacy), "writes the legacy guidance");
        return prepared.Status == StageStatus.Done ? RunResult.Succeeded : EndOf(prepared);
    }

    private static async Task<RunResult> SayWaitingAsync(PipelineRun run, Stage stage)
    {
        StageResult said = await run.StepAsync(PostStageDisabledComment.FunctionName, "says that the stage is switched off");
        string name = stage.ToString().ToLowerInvariant();
        return said.Status != StageStatus.Done
            ? EndOf(said)
            : RunResult.Waiting($"{name}-switched-off", $"The stage {name} is switched off, and so is its fallback: the issue waits until one of them is on.");
    }

    private static RunResult EndOf(StageResult answer) =>
        answer.Status == StageStatus.Rerouted ? RunResult.Rerouted : RunResult.Skipped(answer.Refusal!, needsRestoring: true);
}
