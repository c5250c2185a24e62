using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Removes short-lived labels after an incomplete run, and comments on a failure that a person must handle. Ignores the kill switch.
/// </summary>
public sealed class RestoreLabels(ActivityExecutor executor, PlanContext context, IRoutePolicy policy, RepositoryScope scope)
{
    /// <summary>Code of a failed cleanup: the issue has short-lived labels, and they could not be removed.</summary>
    public const string NotRestoredCode = "labels-not-restored";

    [Function(nameof(RestoreLabels))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] RestoreLabelsInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(RestoreLabels), input, tracker => RestoreAsync(tracker, input, cancellationToken));

    private async Task<CallResult<StageResult>> RestoreAsync(
        IIssueTracker tracker, RestoreLabelsInput input, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, input.Seen, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, StageResult>();
        }

        ChangePlan plan = await PlanAsync(input, issue, cancellationToken);
        CallResult<IssueSnapshot> written = plan.Change.IsEmpty
            ? read
            : await WriteAsync(tracker, issue, plan.Change, cancellationToken);
        return written.Then(after => new StageResult
        {
            Status = StageStatus.Done,
            Labels = after.Labels,
            Effect = GetEffect(input, after.Labels).Then(
                LabelEffect.Of(new IssueChange { AddLabels = plan.Change.AddLabels }, issue.Labels, after.Labels)),
            CommentNodeId = CommentMarkers.FindNewest(after.WithCommentsOf(issue), context.Markers),
        });
    }

    private static async Task<CallResult<IssueSnapshot>> WriteAsync(
        IIssueTracker tracker, IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await tracker.ApplyAsync(issue.Ref, issue.NodeId, change, cancellationToken);
        }
        catch (PipelineException failure)
            when (WorkflowLabels.ShortLived.Any(issue.HasLabel)
                && failure.Code != WaitCodes.WriteRefused && !SkipCodes.IsUnavailable(failure.Code))
        {
            if (await FindRestoredAsync(tracker, issue.Ref, cancellationToken) is { } restored)
            {
                // The labels are removed: GitHub refused another part of the write.
                return failure is PermanentFailureException
                    ? CallResult<IssueSnapshot>.Ok(restored)
                    : throw new TransientFailureException(failure.Code, failure.Message);
            }

            string reason = $"Short-lived labels are still on the issue, because removing them failed ({failure.Code}): {failure.Message}";
            throw failure is TransientFailureException
                ? new TransientFailureException(NotRestoredCode, reason)
                : new PermanentFailureException(NotRestoredCode, reason);
        }
    }

    /// <summary>Reads the issue again, and returns it if it has no short-lived labels; null if it has, or cannot be read.</summary>
    private static async Task<IssueSnapshot?> FindRestoredAsync(
        IIssueTracker tracker, IssueRef issue, CancellationToken cancellationToken)
    {
        using CallMeter extra = CallMeter.StartExtra();
        try
        {
            IssueSnapshot? read = (await tracker.ReadAsync(issue, cancellationToken)).Value;
            return read is not null && !WorkflowLabels.ShortLived.Any(read.HasLabel) ? read : null;
        }
        catch (PipelineException)
        {
            return null;
        }
    }

    /// <summary>Returns what the run did to the labels: if the chosen specialists stand on the issue, its write was made.</summary>
    private static LabelEffect GetEffect(RestoreLabelsInput input, IReadOnlyList<string> after)
    {
        bool isWritten = input.Specialists.Count > 0 && !input.Specialists.Except(after, StringComparer.OrdinalIgnoreCase).Any();
        IssueChange change = new()
        {
            AddLabels = [.. input.Specialists, WorkflowLabels.CopilotAssigned],
            RemoveLabels = [WorkflowLabels.SiteMonitor, .. WorkflowLabels.Waiting],
        };
        return isWritten ? LabelEffect.Of(change, input.LabelsBefore, after) : LabelEffect.None;
    }

    private async Task<ChangePlan> PlanAsync(RestoreLabelsInput input, IssueSnapshot issue, CancellationToken cancellationToken)
    {
        if (input is { Failure: { } cause, NeedsReview: true })
        {
            return LifecyclePlanner.Review(context, issue, input.Specialists, cause.Reason);
        }

        bool isRetried = input.Failure is not null && await IsRetriedByTimerAsync(input.Ref.Repository, cancellationToken);
        return input.Failure is not { } failure || (input.IsTransient && isRetried)
            ? LifecyclePlanner.Restore(context, issue, input.Specialists)
            : LifecyclePlanner.Failed(context, issue, input.Specialists, failure.Code, failure.Reason, isRetried);
    }

    private async Task<bool> IsRetriedByTimerAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        try
        {
            return scope.Configured.Contains(repository)
                && (await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken)).MayStart;
        }
        catch (PipelineException)
        {
            return false;
        }
    }
}

/// <param name="Specialists">The specialists that the run's analysis chose; empty when it chose none yet.</param>
/// <param name="Failure">Why the run failed or needs a person's attention; null otherwise.</param>
public sealed record RestoreLabelsInput(
    [property: JsonPropertyName("Chosen")] IReadOnlyList<string> Specialists, Refusal? Failure) : ActivityInput
{
    /// <summary>The issue's labels when the run began.</summary>
    public IReadOnlyList<string> LabelsBefore { get; init; } = [];

    /// <summary>What the run last saw of the issue; null for a dry run, whose writes GitHub does not show.</summary>
    public IssueObservation? Seen { get; init; }

    /// <summary>Whether the issue is held back until a person has looked at it.</summary>
    public bool NeedsReview { get; init; }

    /// <summary>Whether a later run may succeed, so that a person is told only if none starts by itself.</summary>
    public bool IsTransient { get; init; }
}
