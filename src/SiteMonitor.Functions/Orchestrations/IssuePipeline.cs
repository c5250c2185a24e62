using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Processes one issue. Each issue has one instance, named after it, so that no two runs work on the same issue.</summary>
public static class IssuePipeline
{
    /// <summary>How many times the kill switch may restart one run.</summary>
    private const int MaxReroutes = 3;

    /// <summary>How many times a run analyzes a text again that changed before it could be handed to Copilot.</summary>
    private const int MaxReanalyses = 2;

    [Function(PipelineInput.Orchestrator)]
    public static async Task<PipelineResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PipelineRun run = new(context, PipelineInput.Read(context));
        RunResult result = await ProcessWithCleanupAsync(run);
        PipelineResult output = await run.RecordAsync(result);
        if (result.Outcome == RunOutcome.Rerouted && run.Input.Reroutes < MaxReroutes && !run.Input.DryRun)
        {
            context.ContinueAsNew(run.Input with { Reroutes = run.Input.Reroutes + 1 });
        }

        return output;
    }

    /// <summary>However the run ends, no short-lived label stays on the issue.</summary>
    private static async Task<RunResult> ProcessWithCleanupAsync(PipelineRun run)
    {
        RunResult result;
        try
        {
            result = await ProcessAsync(run);
        }
        catch (ActivityFailedException failure)
        {
            return await run.CompensateAsync(failure);
        }

        return result.NeedsRestoring ? await run.RestoreLabelsAsync(result) : result;
    }

    private static async Task<RunResult> ProcessAsync(PipelineRun run)
    {
        ReadIssueResult issue = await run.ReadIssueAsync();
        if (issue.OtherKey.Length > 0 && !run.Input.DryRun)
        {
            await run.StartUnderAsync(issue.OtherKey);
        }

        if (issue.Choice.IsSkip)
        {
            return RunResult.Skipped(new Refusal(issue.Choice.Code, issue.Choice.Reason), needsRestoring: !issue.IsSettled);
        }

        DecideRouteResult route = await run.DecideRouteAsync(issue);
        if (route.SkipReason is { } reason)
        {
            return RunResult.Skipped(reason, needsRestoring: !issue.IsSettled);
        }

        long comparisonMs = await run.CompareAsync(issue, route.Decision);
        long start = run.ElapsedMs;
        RunResult result = await RunStagesAsync(run, issue, route.Decision, comparisonMs);
        for (int attempt = 0; attempt < MaxReanalyses && result == RunResult.TextChanged; attempt++)
        {
            run.DiscardTimeSince(start);
            result = await RunStagesAsync(run, issue, route.Decision, comparisonMs: 0);
        }

        return result;
    }

    private static async Task<RunResult> RunStagesAsync(PipelineRun run, ReadIssueResult issue, RouteDecision route, long comparisonMs)
    {
        RunResult result = RunResult.Succeeded;
        StageInput input = StageInput.For(run.Input, issue, route);
        foreach (Stage stage in issue.Choice.Stages)
        {
            bool isFollowed = stage != issue.Choice.Stages[^1];
            (result, input) = await run.RecordStageAsync(
                stage, route, comparisonMs, () => RunStageAsync(run, input with { Stage = stage }, isFollowed));
            if (!result.Continues)
            {
                break;
            }
        }

        return result;
    }

    /// <returns>How the stage ended, and what the next one is given.</returns>
    private static Task<(RunResult Result, StageInput Next)> RunStageAsync(PipelineRun run, StageInput input, bool isFollowed) =>
        (input.Stage, input.Route.For(input.Stage)) switch
        {
            (Stage.Analysis, Logic.Unified) => AnalyzeUnifiedAsync(run, input, isFollowed && input.Route.Preparation == Logic.Unified),
            (Stage.Analysis, Logic.Legacy) => AnalyzeLegacyAsync(run, input),
            (Stage.Preparation, Logic.Unified) => PrepareUnifiedAsync(run, input),
            (Stage.Preparation, Logic.Legacy) => PrepareLegacyAsync(run, input),
            _ => WaitForStageAsync(run, input),
        };

    private static async Task<(RunResult, StageInput)> AnalyzeUnifiedAsync(PipelineRun run, StageInput input, bool isPreparedNext)
    {
        StageResult analyzed = await run.AnalyzeAsync(input);
        input = input.After(analyzed);

        // When preparation follows in this run, its write also assigns the specialists.
        bool isAssigned = analyzed.Analysis is { Outcome: AnalysisOutcome.Assign };
        if (analyzed.Status != StageStatus.Done || (isAssigned && isPreparedNext))
        {
            return (RunResult.From(analyzed, RunResult.Succeeded), input);
        }

        StageResult concluded = await run.CallStageAsync(nameof(ConcludeAnalysis), input, "writes the result of the analysis");
        RunResult whenDone = isAssigned ? RunResult.Succeeded : RunResult.Waiting(analyzed.Analysis!.ReasonCode, analyzed.Analysis.Reason);
        return (RunResult.From(concluded, whenDone), input.After(concluded));
    }

    private static async Task<(RunResult, StageInput)> AnalyzeLegacyAsync(PipelineRun run, StageInput input)
    {
        StageResult analyzed = await run.CallStageAsync(nameof(AnalyzeLegacy), input, "analyzes the issue by the legacy rules");
        RunResult whenDone = analyzed.Specialists.Count > 0
            ? RunResult.Succeeded
            : new RunResult(RunOutcome.Unmatched, "no-rule-matched", "No legacy rule of the catalogue matches the issue.");
        return (RunResult.From(analyzed, whenDone), input.After(analyzed));
    }

    private static async Task<(RunResult, StageInput)> PrepareUnifiedAsync(PipelineRun run, StageInput input)
    {
        StageResult prepared = await run.CallStageAsync(nameof(PrepareUnified), input, "writes the guidance and assigns Copilot");
        RunResult whenDone = prepared.Copilot switch
        {
            null => RunResult.Succeeded with { Reason = prepared.Remark },
            { Code: CopilotAssignment.AssigneeLimit } full => RunResult.Waiting(full.Code, full.Detail),
            var refused => RunResult.Failed("copilot-unassigned", refused.Detail),
        };
        return (RunResult.From(prepared, whenDone), input.After(prepared));
    }

    private static async Task<(RunResult, StageInput)> PrepareLegacyAsync(PipelineRun run, StageInput input)
    {
        StageResult prepared = await run.CallStageAsync(nameof(PrepareLegacy), input, "writes the legacy guidance");
        return (RunResult.From(prepared, RunResult.Succeeded), input.After(prepared));
    }

    private static async Task<(RunResult, StageInput)> WaitForStageAsync(PipelineRun run, StageInput input)
    {
        StageResult posted = await run.CallStageAsync(PostStageDisabledComment.Name, input, "comments that the stage is switched off");
        string stage = input.Stage.ToString().ToLowerInvariant();
        RunResult waiting = RunResult.Waiting(
            $"{stage}-switched-off",
            $"The stage {stage} is switched off, and so is its fallback: the issue waits until one of them is on.");
        return (RunResult.From(posted, waiting), input.After(posted));
    }
}
