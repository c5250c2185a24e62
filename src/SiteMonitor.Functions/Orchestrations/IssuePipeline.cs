using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>What happens to an issue. One instance an issue, named after it, so that no two runs ever work on the same one.</summary>
public static class IssuePipeline
{
    /// <summary>How often the kill switch may send one run back to its beginning.</summary>
    private const int MaxReroutes = 3;

    [Function(nameof(IssuePipeline))]
    public static async Task<PipelineOutput> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PipelineRun run = PipelineRun.Begin(context);
        RunEnd end = await ProcessOrSettleAsync(run);
        PipelineOutput output = await run.CloseAsync(end);
        if (end.Outcome == RunOutcome.Rerouted && run.Input.Reroutes < MaxReroutes && !run.Input.DryRun)
        {
            context.ContinueAsNew(run.Input with { Reroutes = run.Input.Reroutes + 1 });
        }

        return output;
    }

    /// <summary>Whatever happens on the way, no short-lived label stays behind.</summary>
    private static async Task<RunEnd> ProcessOrSettleAsync(PipelineRun run)
    {
        RunEnd end;
        try
        {
            end = await ProcessAsync(run);
        }
        catch (StepFailedException failure)
        {
            return await run.CompensateAsync(failure);
        }

        return end.NeedsRestoring ? await run.RestoreAsync(end) : end;
    }

    private static async Task<RunEnd> ProcessAsync(PipelineRun run)
    {
        ReadIssueAnswer issue = await run.ReadIssueAsync();
        if (issue.Choice.IsSkip)
        {
            return RunEnd.Skipped(new(issue.Choice.Code, issue.Choice.Reason), needsRestoring: !issue.IsSettled);
        }

        DecideRouteAnswer route = await run.DecideRouteAsync();
        if (route.Handled is { } handled)
        {
            return RunEnd.Skipped(handled, needsRestoring: !issue.IsSettled);
        }

        await run.CompareAsync();
        RunEnd end = RunEnd.Succeeded;
        foreach (Stage stage in issue.Choice.Stages)
        {
            end = await run.StageAsync(stage, () => stage == Stage.Analysis ? AnalyzeAsync(run) : PrepareAsync(run));
            if (!end.GoesOn)
            {
                break;
            }
        }

        return end;
    }

    private static Task<RunEnd> AnalyzeAsync(PipelineRun run) => run.Route.Analysis switch
    {
        Logic.Unified => AnalyzeUnifiedAsync(run),
        Logic.Legacy => AnalyzeLegacyAsync(run),
        _ => SayWaitingAsync(run, Stage.Analysis),
    };

    private static Task<RunEnd> PrepareAsync(PipelineRun run) => run.Route.Preparation switch
    {
        Logic.Unified => PrepareUnifiedAsync(run),
        Logic.Legacy => PrepareLegacyAsync(run),
        _ => SayWaitingAsync(run, Stage.Preparation),
    };

    private static async Task<RunEnd> AnalyzeUnifiedAsync(PipelineRun run)
    {
        StageAnswer analyzed = await run.StepAsync(nameof(AnalyzeUnified), "analyses the issue");
        if (analyzed.Verdict != StepVerdict.Done)
        {
            return EndOf(analyzed);
        }

        // The specialists' labels ride on preparation's one write when that comes next in this run.
        bool assigns = analyzed.Analysis!.Outcome == AnalysisOutcome.Assign;
        if (assigns && run.GoesOnTo(Stage.Preparation, Logic.Unified))
        {
            return RunEnd.Succeeded;
        }

        StageAnswer concluded = await run.StepAsync(nameof(ConcludeAnalysis), "writes the result of the analysis");
        return concluded.Verdict != StepVerdict.Done ? EndOf(concluded)
            : assigns ? RunEnd.Succeeded
            : RunEnd.Waiting(analyzed.Analysis.ReasonCode, analyzed.Analysis.Reason);
    }

    private static async Task<RunEnd> AnalyzeLegacyAsync(PipelineRun run)
    {
        StageAnswer analyzed = await run.StepAsync(nameof(AnalyzeLegacy), "analyses the issue by the legacy rules");
        return analyzed.Verdict != StepVerdict.Done ? EndOf(analyzed)
            : analyzed.Specialists.Count > 0 ? RunEnd.Succeeded
            : new RunEnd(RunOutcome.Unmatched, "no-rule-matched", "No rule of the catalogue matches the issue.");
    }

    private static async Task<RunEnd> PrepareUnifiedAsync(PipelineRun run)
    {
        StageAnswer prepared = await run.StepAsync(nameof(PrepareUnified), "writes the guidance");
        if (prepared.Verdict != StepVerdict.Done)
        {
            return EndOf(prepared);
        }

        CopilotAssignment copilot = await run.AssignCopilotAsync();
        StageAnswer finished = await run.StepAsync(nameof(FinishPreparation), "marks the issue as handed over");
        return finished.Verdict != StepVerdict.Done ? EndOf(finished)
            : copilot.Assigned ? RunEnd.Succeeded
            : RunEnd.Failed("copilot-unassigned", copilot.Detail);
    }

    private static async Task<RunEnd> PrepareLegacyAsync(PipelineRun run)
    {
        StageAnswer prepared = await run.StepAsync(nameof(PrepareLegacy), "writes the legacy guidance");
        return prepared.Verdict == StepVerdict.Done ? RunEnd.Succeeded : EndOf(prepared);
    }

    private static async Task<RunEnd> SayWaitingAsync(PipelineRun run, Stage stage)
    {
        StageAnswer said = await run.StepAsync(nameof(SayWaiting), "says that the stage is switched off");
        string name = stage.ToString().ToLowerInvariant();
        return said.Verdict != StepVerdict.Done
            ? EndOf(said)
            : RunEnd.Waiting($"{name}-switched-off", $"The stage {name} is switched off, and so is its fallback: the issue waits until one of them is on.");
    }

    private static RunEnd EndOf(StageAnswer answer) =>
        answer.Verdict == StepVerdict.Rerouted ? RunEnd.Rerouted : RunEnd.Skipped(answer.Refusal!, needsRestoring: true);
}
