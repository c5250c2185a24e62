using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Activities;

/// <summary>Takes short-lived labels off after a run that did not come to its end; after a failure that a person must deal with, says so. Knows no kill switch.</summary>
public sealed class RestoreLabels(ActivityExecutor runner, PlanContext context, IRoutePolicy policy, RepositoryScope scope)
{
    [Function(nameof(RestoreLabels))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] RestoreLabelsInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(RestoreLabels), input, tracker => RestoreAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageResult>> RestoreAsync(IIssueTracker tracker, RestoreLabelsInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, StageResult>();
        }

        ChangePlan plan = await PlanAsync(input, issue, cancellationToken);
        CallResult<IssueSnapshot> written = plan.Change.IsEmpty
            ? read
            : await tracker.ApplyAsync(input.Ref, issue.NodeId, plan.Change, cancellationToken);
        return written.Then(after => new StageResult { Status = StageStatus.Done, Labels = after.Labels });
    }

    private async Task<ChangePlan> PlanAsync(RestoreLabelsInput input, IssueSnapshot issue, CancellationToken cancellationToken)
    {
        bool scheduled = input.Failure is not null && await IsTakenUpAgainAsync(input.Ref.Repository, cancellationToken);
        return input.Failure is not { } failure || (input.IsTransient && scheduled)
            ? LifecyclePlan.Restore(context, issue, input.Specialists)
            : LifecyclePlan.Failed(context, issue, input.Specialists, failure.Code, failure.Reason, scheduled);
    }

    /// <summary>Whether the timer comes by this issue.</summary>
    private async Task<bool> IsTakenUpAgainAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        try
        {
            return scope.Configured.Contains(repository) && (await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken)).MayStart;
        }
        catch (PipelineException)
        {
            return false;
        }
    }
}

/// <param name="Specialists">The specialists the run's analysis had chosen; empty when it had not come so far.</param>
/// <param name="Failure">What the run failed with; null when it did not.</param>
public sealed record RestoreLabelsInput([property: JsonPropertyName("Chosen")] IReadOnlyList<string> Specialists, Refusal? Failure) : ActivityInput
{
    /// <summary>Another run may mend the failure, so a person has to know of it only where none will come by itself.</summary>
    public bool IsTransient { get; init; }
}
