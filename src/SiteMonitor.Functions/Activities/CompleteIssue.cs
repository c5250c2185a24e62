using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Completes an issue: workflow labels off, <c>completed</c> on, closed.</summary>
public sealed class CompleteIssue(ActivityExecutor runner, PlanContext context, HandledIssues handled)
{
    [Function(nameof(CompleteIssue))]
    public Task<ActivityResult<CompleteIssueResult>> RunAsync([ActivityTrigger] CompleteIssueInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(CompleteIssue), input, tracker => CompleteAsync(tracker, input, cancellationToken));

    private async Task<CallResult<CompleteIssueResult>> CompleteAsync(IIssueTracker tracker, CompleteIssueInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, CompleteIssueResult>();
        }

        if (Refuse(input, issue) is { } refusal)
        {
            IReadOnlyList<string>? specialists = refusal.Code == SkipCodes.Completed ? await handled.FindUnrecordedCompletionAsync(input.Ref, cancellationToken) : null;
            return CallResult<CompleteIssueResult>.Ok(specialists is null
                ? Answer(input, issue, Specialists(issue), refusal)
                : Answer(input, issue, specialists, refusal: null));
        }

        IssueChange change = LifecyclePlan.Complete(context, issue).Change;
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, issue.NodeId, change, cancellationToken);
        return written.Then(after => Answer(input, issue, Specialists(issue), refusal: null) with { InputHash = InputHash.Compute(after, context.Markers) });
    }

    private CompleteIssueResult Answer(CompleteIssueInput input, IssueSnapshot seen, IReadOnlyList<string> specialists, Refusal? refusal) =>
        new(refusal, input.ByMerge || seen.IsClosedByMerge, specialists, InputHash.Compute(seen, context.Markers));

    private IReadOnlyList<string> Specialists(IssueSnapshot issue) => LabelStateMachine.ReadState(issue.Labels, context.Catalogue).Specialists;

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

/// <param name="Refusal">Why there was nothing to complete; null when it was done.</param>
/// <param name="ByMerge">Whether a merged pull request closed the issue.</param>
/// <param name="Specialists">The specialists it was assigned to.</param>
/// <param name="InputHash">Of the issue as it was left.</param>
public sealed record CompleteIssueResult(Refusal? Refusal, bool ByMerge, IReadOnlyList<string> Specialists, string InputHash);

/// <param name="ByMerge">A merged pull request closes the issue; otherwise it was closed as completed.</param>
public sealed record CompleteIssueInput(bool ByMerge) : ActivityInput;
