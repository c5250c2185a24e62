using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Completes an issue: workflow labels off, <c>completed</c> on, closed.</summary>
public sealed class CompleteIssue(StepRunner runner, PlanContext context)
{
    [Function(nameof(CompleteIssue))]
    public Task<StepResult<CompleteIssueAnswer>> RunAsync([ActivityTrigger] CompleteIssueInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(CompleteIssue), input, tracker => CompleteAsync(tracker, input, cancellationToken));

    private async Task<CallResult<CompleteIssueAnswer>> CompleteAsync(IIssueTracker tracker, CompleteIssueInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, CompleteIssueAnswer>();
        }

        if (Refuse(input, issue) is { } refusal)
        {
            return CallResult<CompleteIssueAnswer>.Ok(Answer(issue, refusal));
        }

        IssueChange change = LifecyclePlan.Complete(context, issue).Change;
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, issue.NodeId, change, cancellationToken);
        return written.Then(after => Answer(issue, refusal: null) with { InputHash = InputHash.Of(after, context.Markers) });

        CompleteIssueAnswer Answer(IssueSnapshot seen, Refusal? refusal) => new(
            refusal, input.ByMerge || seen.IsClosedByMerge, LabelStateMachine.Read(seen.Labels, context.Catalogue).Specialists, InputHash.Of(seen, context.Markers));
    }

    private Refusal? Refuse(CompleteIssueInput input, IssueSnapshot issue)
    {
        if (!input.ByMerge && issue is not { IsOpen: false, ClosedAs: CloseReason.Completed })
        {
            return new Refusal(SkipCodes.NotClosedAsCompleted, "The issue is not closed as completed any more.");
        }

        ChangePlan plan = LifecyclePlan.Complete(context, issue);
        return plan.Refused ?? (plan.Change.IsEmpty ? new Refusal(SkipCodes.Completed, "The issue is completed already.") : null);
    }
}
