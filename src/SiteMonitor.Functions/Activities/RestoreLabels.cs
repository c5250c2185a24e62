using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Takes short-lived labels off after a run that did not come to its end; after a failure that a person must deal with, says so. Knows no kill switch.</summary>
public sealed class RestoreLabels(StepRunner runner, PlanContext context)
{
    [Function(nameof(RestoreLabels))]
    public Task<StepResult<StageAnswer>> RunAsync([ActivityTrigger] RestoreInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(RestoreLabels), input, tracker => RestoreAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageAnswer>> RestoreAsync(IIssueTracker tracker, RestoreInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, StageAnswer>();
        }

        ChangePlan plan = input.Failure is { } failure
            ? LifecyclePlan.Failed(context, issue, input.Chosen, failure.Code, failure.Reason)
            : LifecyclePlan.Restore(context, issue, input.Chosen);
        CallResult<IssueSnapshot> written = plan.Change.IsEmpty
            ? read
            : await tracker.ApplyAsync(input.Ref, issue.NodeId, plan.Change, cancellationToken);
        return written.Then(after => new StageAnswer { Verdict = StepVerdict.Done, Labels = after.Labels });
    }
}
