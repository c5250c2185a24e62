using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>Labels the issue <c>analyzing</c>, sends the text that this write returned to the model, and scores the answer.</summary>
public sealed class AnalyzeUnified(
    ActivityExecutor executor,
    IRoutePolicy policy,
    IAnalysisModel model,
    ISuccessHistory history,
    PlanContext context)
{
    [Function(nameof(AnalyzeUnified))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(AnalyzeUnified), input, tracker => AnalyzeAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageResult>> AnalyzeAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        if (!await policy.IsStillValidAsync(input.Route, [Stage.Analysis], input.Ref, input.Labels, cancellationToken))
        {
            return CallResult<StageResult>.Ok(StageResult.Rerouted(input.Labels));
        }

        if (await model.GetRetryTimeIfDownAsync(context.Catalogue) is { } retryAt
            && !await IsCachedAsync(tracker, input, cancellationToken))
        {
            // Before the label: each attempt during an outage would cost a write.
            return CallResult<StageResult>.ModelOutage(retryAt);
        }

        CallResult<IssueSnapshot> labeled = await AddLabelAsync(tracker, input, cancellationToken);
        if (labeled.Value is not { } issue)
        {
            return labeled.AsRateLimited<IssueSnapshot, StageResult>();
        }

        // Somebody may have changed the issue since the run read it.
        if (LabelStateMachine.Apply(IssueFacts.From(issue), Transition.StartAnalysis, context.Catalogue).Refused is { } refusal)
        {
            return await RemoveLabelAsync(tracker, issue, refusal, IsTouched(input, issue), cancellationToken);
        }

        CallResult<ModelResult> answer = await AskAsync(
            AnalysisTextSelector.From(issue, context.Markers), input.IsLastAttempt, cancellationToken);
        if (answer.Value is null)
        {
            return answer.AsRateLimited<ModelResult, StageResult>();
        }

        AnalysisDecision decision =
            Scoring.Decide(answer.Value, issue.Labels, context.Catalogue, await history.ReadAsync(cancellationToken));
        return CallResult<StageResult>.Ok(new StageResult
        {
            Status = StageStatus.Done,
            Labels = issue.Labels,
            Analysis = decision,
            Specialists = decision.Specialists,
            InputHash = InputHash.Compute(issue, context.Markers),
            TextHash = InputHash.ComputeText(issue, context.Markers),
            ManualIntervention = IsTouched(input, issue),
        });
    }

    /// <summary>Reads the issue, and returns whether its text needs no request to the model.</summary>
    private async Task<bool> IsCachedAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        return read is { IsRateLimited: false, Value: { } issue }
            && await model.IsCachedAsync(AnalysisTextSelector.From(issue, context.Markers), context.Catalogue, cancellationToken);
    }

    /// <summary>
    /// Asks the model. An author can write a text that makes every answer malformed, too slow or an error. So where there is no usable
    /// answer, a known-good text is sent. If the model answers that one, the issue waits for a person, and no failure is counted.
    /// </summary>
    private async Task<CallResult<ModelResult>> AskAsync(AnalysisText text, bool isLastAttempt, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<ModelResult> answer = await model.AnalyzeAsync(text, context.Catalogue, cancellationToken);
            return answer.Value is { Status: ModelResultStatus.Malformed } malformed
                && await model.IsAnsweringAsync(context.Catalogue, cancellationToken)
                    ? CallResult<ModelResult>.Ok(malformed with { Status = ModelResultStatus.Unanswerable })
                    : answer;
        }
        catch (PipelineException failure) when (failure is PermanentFailureException || isLastAttempt)
        {
            if (await model.IsAnsweringAsync(context.Catalogue, cancellationToken))
            {
                return CallResult<ModelResult>.Ok(new ModelResult(ModelResultStatus.Unanswerable, null, failure.Message));
            }

            throw;
        }
    }

    private static Task<CallResult<IssueSnapshot>> AddLabelAsync(
        IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        // Sent even if the label seems to be there: the response has the current text, and adding a label twice has no effect.
        IssueChange change = new() { AddLabels = [WorkflowLabels.Analyzing], StartsWork = true };
        return tracker.ApplyAsync(input.Ref, input.NodeId, change, cancellationToken);
    }

    private bool IsTouched(StageInput input, IssueSnapshot labeled) =>
        ManualIntervention.IsShownBy([.. input.Labels, WorkflowLabels.Analyzing], labeled.Labels, context.Catalogue);

    private async Task<CallResult<StageResult>> RemoveLabelAsync(
        IIssueTracker tracker, IssueSnapshot issue, Refusal refusal, bool isTouched, CancellationToken cancellationToken)
    {
        ChangePlan restored = LifecyclePlanner.Restore(context, issue, []);
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, restored.Change, cancellationToken);
        return written.Then(after => StageResult.Refused(refusal, after.Labels, isTouched));
    }
}
