using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Comments;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Marks the issue as handed to Copilot; where Copilot did not take it, back to assigned, with a comment.</summary>
public sealed class FinishPreparation(StepRunner runner, IssueStep step)
{
    [Function(nameof(FinishPreparation))]
    public Task<StepResult<StageAnswer>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(FinishPreparation), input, tracker => input.Copilot is { Assigned: true }
            ? FinishAsync(tracker, input, cancellationToken)
            : step.RunAsync(
                tracker,
                input,
                [],
                issue => LifecyclePlan.CopilotUnassigned(step.Context, issue, input.Analysis?.Specialists ?? [], input.Copilot?.Detail ?? string.Empty),
                cancellationToken));

    /// <summary>Needs no read: the assignment's answer has just shown the labels, and all changes may be made twice.</summary>
    private async Task<CallResult<StageAnswer>> FinishAsync(IIssueTracker tracker, StageInput input, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> labels = input.Copilot!.Labels ?? input.Labels;
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(labels), Transition.Finish, step.Context.Catalogue);
        if (change.Refused is { } refusal)
        {
            return CallResult<StageAnswer>.Ok(StageAnswer.Refused(refusal, labels, LabelWatch.Differ(input.Labels, labels, step.Context.Catalogue)));
        }

        IssueChange write = change.ToIssueChange() with
        {
            Settled = [.. input.Stale.Select(stale => CommentMarks.Settle(input.Ref, stale, step.Context.Markers))],
        };
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, input.NodeId, write, cancellationToken);
        return written.Then(after => new StageAnswer
        {
            Verdict = StepVerdict.Done,
            Labels = after.Labels,
            InputHash = InputHash.Of(after, step.Context.Markers),
            ManualIntervention = LabelWatch.Differ(input.Labels, labels, step.Context.Catalogue),
        });
    }
}
