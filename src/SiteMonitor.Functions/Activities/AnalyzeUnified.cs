using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>Marks the issue as being analysed, asks the model about the text that the same write answered with, and scores.</summary>
public sealed class AnalyzeUnified(
    ActivityExecutor runner,
    IRoutePolicy policy,
    IAnalysisModel model,
    ISuccessHistory history,
    PlanContext context)
{
    [Function(nameof(AnalyzeUnified))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(AnalyzeUnified), input, tracker => AnalyzeAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageResult>> AnalyzeAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        if (!await policy.IsStillValidAsync(input.Route, Stage.Analysis, input.Ref, input.Labels, cancellationToken))
        {
            return CallResult<StageResult>.Ok(StageResult.Rerouted(input.Labels));
        }

        CallResult<IssueSnapshot> marked = await MarkAsync(tracker, input, cancellationToken);
        if (marked.Value is not { } issue)
        {
            return marked.AsLimited<IssueSnapshot, StageResult>();
        }

        if (StateRefusal(issue) is { } refusal)
        {
            return await WithdrawAsync(tracker, issue, refusal, IsTouched(input, issue), cancellationToken);
        }

        CallResult<ModelResult> reply = await model.AnalyzeAsync(AnalysisInput.From(issue, context.Markers), context.Catalogue, cancellationToken);
        if (reply.Value is null)
        {
            return reply.AsLimited<ModelResult, StageResult>();
        }

        AnalysisDecision decision = Scoring.Decide(reply.Value, issue.Labels, context.Catalogue, await history.ReadAsync(cancellationToken));
        return CallResult<StageResult>.Ok(new StageResult
        {
            Status = StageStatus.Done,
            Labels = issue.Labels,
            Analysis = decision,
            Specialists = decision.Specialists,
            InputHash = InputHash.Compute(issue, context.Markers),
            ManualIntervention = IsTouched(input, issue),
        });
    }

    private static Task<CallResult<IssueSnapshot>> MarkAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        // Sent even where the label seems to stand: the answer is the fresh text, and adding a label twice changes nothing.
        IssueChange change = new() { AddLabels = [WorkflowLabels.Analyzing] };
        return tracker.ApplyAsync(input.Ref, input.NodeId, change, cancellationToken);
    }

    /// <summary>Somebody may have changed the issue since the run read it.</summary>
    private Refusal? StateRefusal(IssueSnapshot issue) =>
        LabelStateMachine.Apply(IssueFacts.From(issue), Transition.StartAnalysis, context.Catalogue).Refused;

    private bool IsTouched(StageInput input, IssueSnapshot marked) =>
        WorkflowLabelDiff.HasChanged([.. input.Labels, WorkflowLabels.Analyzing], marked.Labels, context.Catalogue);

    /// <summary>The label that was set without looking comes off again.</summary>
    private async Task<CallResult<StageResult>> WithdrawAsync(IIssueTracker tracker, IssueSnapshot issue, Refusal refusal, bool touched, CancellationToken cancellationToken)
    {
        ChangePlan restored = LifecyclePlan.Restore(context, issue, []);
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, restored.Change, cancellationToken);
        return written.Then(after => StageResult.Refused(refusal, after.Labels, touched));
    }
}
