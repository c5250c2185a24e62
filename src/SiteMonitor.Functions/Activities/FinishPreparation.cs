using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Marks the issue as handed to Copilot. If Copilot was not assigned, the issue returns to assigned, with a comment.</summary>
public sealed class FinishPreparation(ActivityExecutor executor, StageWriter writer)
{
    [Function(nameof(FinishPreparation))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        input.Copilot is { Assigned: true } copilot
            ? executor.RunAsync(
                nameof(FinishPreparation), input, tracker => FinishAsync(tracker, input, copilot.Labels ?? input.Labels, cancellationToken))
            : writer.RunAsync(
                nameof(FinishPreparation),
                input,
                checkedStages: [],
                issue => LifecyclePlan.CopilotUnassigned(
                    writer.Context, issue, input.Analysis?.Specialists ?? [], input.Copilot?.Detail ?? string.Empty),
                cancellationToken);

    /// <summary>Needs no read: the response to the assignment showed the labels, and making these changes twice has no effect.</summary>
    private async Task<CallResult<StageResult>> FinishAsync(
        IIssueTracker tracker, StageInput input, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        PlanContext context = writer.Context;
        bool isTouched = WorkflowLabelDiff.HasChanged(input.Labels, labels, context.Catalogue);
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(labels), Transition.Finish, context.Catalogue);
        if (change.Refused is { } refusal)
        {
            return CallResult<StageResult>.Ok(StageResult.Refused(refusal, labels, isTouched));
        }

        IssueChange write = change.ToIssueChange() with
        {
            ResolvedComments = [.. input.StaleComments.Select(comment => CommentMarkers.CreateResolvedChange(input.Ref, comment, context.Markers))],
        };
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, input.NodeId, write, cancellationToken);
        return written.Then(after => new StageResult
        {
            Status = StageStatus.Done,
            Labels = after.Labels,
            InputHash = InputHash.Compute(after, context.Markers),
            ManualIntervention = isTouched,
        });
    }
}
