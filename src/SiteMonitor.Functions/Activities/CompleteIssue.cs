using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Completes an issue: removes the workflow labels, adds <c>completed</c> and closes it.</summary>
public sealed class CompleteIssue(ActivityExecutor executor, PlanContext context, HandledIssues handled)
{
    [Function(nameof(CompleteIssue))]
    public Task<ActivityResult<CompleteIssueResult>> RunAsync(
        [ActivityTrigger] CompleteIssueInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(CompleteIssue), input, tracker => CompleteAsync(tracker, input, cancellationToken));

    private async Task<CallResult<CompleteIssueResult>> CompleteAsync(
        IIssueTracker tracker, CompleteIssueInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(
            input.Ref, input.Delivered ?? IssueObservation.WithShortLived([]), cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, CompleteIssueResult>();
        }

        if (GetRefusal(input, issue) is { } refusal)
        {
            IReadOnlyList<string>? specialists = refusal.Code == SkipCodes.Completed
                ? await handled.FindUnrecordedCompletionAsync(input.Ref, cancellationToken)
                : null;
            return CallResult<CompleteIssueResult>.Ok(specialists is null
                ? CreateResult(input, issue, GetSpecialists(issue), refusal)
                : CreateResult(input, issue, specialists, refusal: null));
        }

        IssueChange change = LifecyclePlanner.Complete(context, issue).Change;
        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(input.Ref, issue.NodeId, change, cancellationToken);
        return written.Then(after =>
            CreateResult(input, issue, GetSpecialists(issue), refusal: null) with
            {
                InputHash = InputHash.Compute(after, context.Markers),
                LabelsAfter = after.Labels,
                Effect = LabelEffect.Of(change, issue.Labels, after.Labels),
            });
    }

    private CompleteIssueResult CreateResult(
        CompleteIssueInput input, IssueSnapshot issue, IReadOnlyList<string> specialists, Refusal? refusal) =>
        new(refusal, input.ByMerge || issue.IsClosedByMerge, specialists, InputHash.Compute(issue, context.Markers))
        {
            LabelsBefore = issue.Labels,
            LabelsAfter = issue.Labels,
        };

    private IReadOnlyList<string> GetSpecialists(IssueSnapshot issue) =>
        LabelStateMachine.ReadState(issue.Labels, context.Catalogue).Specialists;

    private Refusal? GetRefusal(CompleteIssueInput input, IssueSnapshot issue)
    {
        if (!input.ByMerge && issue is not { IsOpen: false, ClosedAs: CloseReason.Completed })
        {
            return new Refusal(SkipCodes.NotClosedAsCompleted, "The issue is no longer closed as completed.");
        }

        ChangePlan plan = LifecyclePlanner.Complete(context, issue);
        return plan.Refused ?? (plan.Change.IsEmpty ? new Refusal(SkipCodes.Completed, "The issue is already completed.") : null);
    }
}

/// <param name="Refusal">Why there was nothing to complete; null when the issue was completed.</param>
/// <param name="ByMerge">Whether a merged pull request closed the issue.</param>
/// <param name="Specialists">The specialists that the issue was assigned to.</param>
/// <param name="InputHash">The hash of the issue after the write.</param>
public sealed record CompleteIssueResult(Refusal? Refusal, bool ByMerge, IReadOnlyList<string> Specialists, string InputHash)
{
    public IReadOnlyList<string>? LabelsBefore { get; init; }

    public IReadOnlyList<string>? LabelsAfter { get; init; }

    public LabelEffect Effect { get; init; } = LabelEffect.None;
}

/// <param name="ByMerge">Whether a merged pull request closes the issue; otherwise it was closed as completed.</param>
public sealed record CompleteIssueInput(bool ByMerge) : ActivityInput
{
    /// <summary>What the delivery that started the completion showed; null when it is not known.</summary>
    public IssueObservation? Delivered { get; init; }
}
