using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <summary>Marks the issue as being analysed, asks the model about the text that the same write answered with, and scores.</summary>
public sealed class AnalyzeUnified(
    StepRunner runner,
    IRoutePolicy policy,
    IAnalysisModel model,
    ISuccessHistory history,
    PlanContext context)
{
    [Function(nameof(AnalyzeUnified))]
    public Task<StepResult<StageAnswer>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(AnalyzeUnified), input, tracker => AnalyzeAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageAnswer>> AnalyzeAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        if (!await policy.StillHoldsAsync(input.Route, Stage.Analysis, input.Ref, input.Labels, cancellationToken))
        {
            return CallResult<StageAnswer>.Ok(StageAnswer.Rerouted(input.Labels));
        }

        CallResult<IssueSnapshot> marked = await MarkAsync(tracker, input, cancellationToken);
        if (marked.Value is not { } issue)
        {
            return marked.AsLimited<IssueSnapshot, StageAnswer>();
        }

        if (StateRefusal(issue) is { } refusal)
        {
            return await WithdrawAsync(tracker, issue, refusal, IsTouched(input, issue), cancellationToken);
        }

        CallResult<ModelReply> reply = await model.AnalyzeAsync(AnalysisInput.From(issue, context.Markers), context.Catalogue, cancellationToken);
        if (reply.Value is null)
        {
            return reply.AsLimited<ModelReply, StageAnswer>();
        }

        AnalysisDecision decision = Scoring.Decide(reply.Value, issue.Labels, context.Catalogue, await history.ReadAsync(cancellationToken));
        return CallResult<StageAnswer>.Ok(new StageAnswer
        {
            Verdict = StepVerdict.Done,
            Labels = issue.Labels,
            Analysis = decision,
            Specialists = decision.Specialists,
            InputHash = InputHash.Of(issue, context.Markers),
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
        LabelStateMachine.Apply(IssueFacts.Of(issue), Transition.StartAnalysis, context.Catalogue).Refused;

    private bool IsTouched(StageInput input, IssueSnapshot marked) =>
        LabelWatch.Differ([.. input.Labels, WorkflowLabels.Analyzing], marked.Labels, context.Catalogue);

    /// <summary>The label that was set without looking comes off again.</summary>
    private async Task<CallResult<StageAnswer>> WithdrawAsync(IIssueTracker tracker, IssueSnapshot issue, Refusal refusal, bool touched, CancellationToken cancellationToken)
    {
        ChangePlan restored = LifecyclePlan.Restore(context, issue, []);
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, restored.Change, cancellationToken);
        return written.Then(after => StageAnswer.Refused(refusal, after.Labels, touched));
    }
}
