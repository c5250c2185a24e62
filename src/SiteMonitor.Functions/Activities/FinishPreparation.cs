using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Marks the issue as handed to Copilot; where Copilot did not take it, back to assigned, with a comment.</summary>
public sealed class FinishPreparation(ActivityExecutor runner, StageWriter step)
{
    [Function(nameof(FinishPreparation))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(FinishPreparation), input, tracker => input.Copilot is { Assigned: true }
            ? FinishAsync(tracker, input, cancellationToken)
            : step.RunAsync(
                tracker,
                input,
                [],
                issue => LifecyclePlan.CopilotUnassigned(step.Context, issue, input.Analysis?.Specialists ?? [], input.Copilot?.Detail ?? string.Empty),
                cancellationToken));

    /// <summary>Needs no read: the assignment's answer has just shown the labels, and all changes may be made twice.</summary>
    private async Task<CallResult<StageResult>> FinishAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> labels = input.Copilot!.Labels ?? input.Labels;
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(labels), Transition.Finish, step.Context.Catalogue);
        if (change.Refused is { } refusal)
        {
            return CallResult<StageResult>.Ok(StageResult.Refused(refusal, labels, WorkflowLabelDiff.HasChanged(input.Labels, labels, step.Context.Catalogue)));
        }

        IssueChange write = change.ToIssueChange() with
        {
            ResolvedComments = [.. input.StaleComments.Select(stale => CommentMarkers.CreateResolvedChange(input.Ref, stale, step.Context.Markers))],
        };
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, input.NodeId, write, cancellationToken);
        return written.Then(after => new StageResult
        {
            Status = StageStatus.Done,
            Labels = after.Labels,
            InputHash = InputHash.Compute(after, step.Context.Markers),
            ManualIntervention = WorkflowLabelDiff.HasChanged(input.Labels, labels, step.Context.Catalogue),
        });
    }
}
