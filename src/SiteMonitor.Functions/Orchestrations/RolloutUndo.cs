using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Takes back what the unified pipeline wrote, an activity for each issue, some at a time.</summary>
public static class RolloutUndo
{
    /// <summary>GitHub takes one write a second, so more would only wait for each other.</summary>
    private const int Parallel = 4;

    [Function(UndoInput.Orchestrator)]
    public static async Task<RolloutUndoResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        UndoInput input = UndoInput.Read(context);
        ActivityCaller activities = new(context);
        ListUndoneIssuesResult list = await activities.CallAsync<ListUndoneIssuesResult>(
            nameof(ListUndoneIssues), input, "looks up what the unified pipeline wrote", ActivityRetryPolicy.Cleanup);
        List<UndoneIssue> issues = [];
        int calls = 0;
        foreach (string[] some in list.Issues.Chunk(Parallel))
        {
            string progress = string.Create(CultureInfo.InvariantCulture, $"{issues.Count} of {list.Issues.Count} issues done");
            (UndoneIssue Issue, Usage Usage)[] done = await Task.WhenAll(some.Select(issue => UndoAsync(context, input, issue, progress)));
            issues.AddRange(done.Select(d => d.Issue));
            calls += done.Sum(d => d.Usage.GitHubReads + d.Usage.GitHubWrites + d.Usage.GitHubExtra);
        }

        issues.AddRange(list.Left);
        if (!input.DryRun)
        {
            FinishUndoInput finish = new(
                input,
                issues.Count(i => i.Result == UndoResult.Undone),
                issues.Count(i => i.Result == UndoResult.Left),
                issues.Count(i => i.Result == UndoResult.Failed));
            await activities.CallAsync<FinishUndoResult>(nameof(FinishUndo), finish, "writes the audit log", ActivityRetryPolicy.Cleanup);
        }

        return new RolloutUndoResult(issues, list.More, calls);
    }

    private static async Task<(UndoneIssue Issue, Usage Usage)> UndoAsync(
        TaskOrchestrationContext context, UndoInput input, string issue, string progress)
    {
        // Each issue may wait for rate limits as long as a run.
        ActivityCaller activities = new(context);
        UndoIssueInput undo = new($"{UndoInput.InstancePrefix}{input.Id}:{issue}", input.Since, input.Stage, activities.Clock.Now)
        {
            Issue = issue,
            IsDryRun = input.DryRun,
        };
        try
        {
            UndoneIssue undone = await activities.CallAsync<UndoneIssue>(nameof(UndoIssue), undo, progress, ActivityRetryPolicy.Standard);
            return (undone, activities.Usage);
        }
        catch (ActivityFailedException failure)
        {
            UndoResult result = SkipCodes.IsUnavailable(failure.Code) ? UndoResult.Left : UndoResult.Failed;
            if (!input.DryRun)
            {
                await activities.CallAsync<RecordRunResult>(
                    nameof(RecordRun), CreateFailure(undo, failure, activities), progress, ActivityRetryPolicy.Cleanup);
            }

            return (new UndoneIssue(issue, result, failure.Code, failure.Reason), activities.Usage);
        }
    }

    /// <summary>Creates the record of a failed undo. It invalidates the record that was written before the write.</summary>
    private static RunRecord CreateFailure(UndoIssueInput input, ActivityFailedException failure, ActivityCaller activities) => new()
    {
        Kind = RunKind.Undo,
        RunId = input.RunId + IssueUndo.FailedSuffix,
        Issue = input.Issue,
        Trigger = TriggerNames.Manual,
        RequestedStage = input.Stage.Length > 0 ? input.Stage : StageNames.All,
        Outcome = RunOutcome.Failed,
        ReasonCode = failure.Code,
        Reason = failure.Reason,
        Started = activities.Clock.Now,
        Ended = activities.Clock.Now,
    };
}
