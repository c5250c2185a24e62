using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Runs the activities that write to the issue: reads it, plans, checks the kill switch unless the write has begun, and writes what is
/// missing. Running one twice writes once.
/// </summary>
public sealed class StageWriter(ActivityExecutor executor, IRoutePolicy policy, PlanContext context)
{
    /// <summary>How many times in a row an edit by a person may be restored.</summary>
    private const int MaxRestorations = 3;

    public PlanContext Context => context;

    /// <param name="checkedStages">The stages whose kill switch prevents this write.</param>
    /// <param name="plan">Plans what to write to the issue as it was just read.</param>
    public Task<ActivityResult<StageResult>> RunAsync(
        string activity, StageInput input, IReadOnlyList<Stage> checkedStages, Func<IssueSnapshot, ChangePlan> plan,
        CancellationToken cancellationToken) =>
        RunAsync(activity, input, checkedStages, () => Task.FromResult(plan), cancellationToken);

    /// <param name="getPlan">Prepares what the plan needs. If it fails, the activity fails.</param>
    public Task<ActivityResult<StageResult>> RunAsync(
        string activity, StageInput input, IReadOnlyList<Stage> checkedStages, Func<Task<Func<IssueSnapshot, ChangePlan>>> getPlan,
        CancellationToken cancellationToken) =>
        executor.RunAsync(activity, input,
            async tracker => await WriteAsync(tracker, input, checkedStages, await getPlan(), cancellationToken));

    private async Task<CallResult<StageResult>> WriteAsync(
        IIssueTracker tracker, StageInput input, IReadOnlyList<Stage> checkedStages, Func<IssueSnapshot, ChangePlan> plan,
        CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, input.Seen, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, StageResult>();
        }

        string? overwritten = OverwrittenText.Find(issue, context.Markers);
        ChangePlan planned = plan(overwritten is null ? issue : issue with { Body = overwritten });

        // An attempt whose response was lost may have written this already. An equal change by a person does not show that.
        IssueChange ours = issue.Labels.SequenceEqual(input.Labels) ? planned.Change : plan(issue with { Labels = input.Labels }).Change;
        LabelEffect present = LabelEffect.Of(ours, input.Labels, issue.Labels);
        bool hasBegun = planned.Refused is null
            && present.Added.Concat(present.Removed).Intersect(issue.LabelsChangedByApp, StringComparer.OrdinalIgnoreCase).Any();
        if (!hasBegun && !await policy.IsStillValidAsync(input.Route, checkedStages, input.Ref, issue.Labels, cancellationToken))
        {
            return CallResult<StageResult>.Ok(StageResult.Rerouted(issue.Labels));
        }

        bool isTouched = ManualIntervention.IsShownBy(input.Labels, issue.Labels, context.Catalogue, ours);
        if (planned.Refused is { } refusal)
        {
            return CallResult<StageResult>.Ok(StageResult.Refused(refusal, issue.Labels, isTouched));
        }

        CallResult<PlacedGuidance> placing = await GuidanceComment.PlaceAsync(tracker, issue, planned, cancellationToken);
        if (placing.Value is not { } placed)
        {
            return placing.AsRateLimited<PlacedGuidance, StageResult>();
        }

        if (placed.RefusedComment is { } reason)
        {
            return CallResult<StageResult>.Ok(StageResult.GuidanceNotPlaced(reason, issue.Labels));
        }

        IssueChange change = overwritten is null ? placed.Change : placed.Change with { Body = placed.Change.Body ?? overwritten };
        CallResult<IssueSnapshot> written = await ApplyAsync(tracker, placed.Issue, change, cancellationToken);
        return written.Then(after => new StageResult
        {
            Status = StageStatus.Done,
            Labels = after.Labels,
            Specialists = LabelStateMachine.ReadState(after.Labels, context.Catalogue).Specialists,
            InputHash = InputHash.Compute(after, context.Markers),
            ManualIntervention = isTouched
                || ManualIntervention.IsShownBy(issue.Labels, after.Labels, context.Catalogue, change),
            Effect = LabelEffect.Of(ours, input.Labels, after.Labels),
            CommentNodeId = CommentMarkers.FindNewest(after, context.Markers),
            TextLost = IsTextLost(issue, after),
        });
    }

    /// <summary>
    /// Applies the change unless it is empty. If a person edited the body after our read, their text is restored, with our section in it.
    /// </summary>
    private async Task<CallResult<IssueSnapshot>> ApplyAsync(
        IIssueTracker tracker, IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return CallResult<IssueSnapshot>.Ok(issue);
        }

        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, change, cancellationToken);
        IssueSnapshot commented = written.Value?.WithCommentsOf(issue) ?? issue;
        (string basis, string? body) = (issue.Body, change.Body);
        for (int i = 0; i < MaxRestorations && body is not null && written.Value is { } after; i++)
        {
            string? restored = EditRestoration.Restore(after, basis, body, context.Markers);
            if (restored is not null)
            {
                using CallMeter extra = CallMeter.StartExtra();
                written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, new IssueChange { Body = restored }, cancellationToken);
            }

            (basis, body) = (after.Body, restored);
        }

        return written.Then(after => after.WithCommentsOf(commented));
    }

    /// <summary>Returns whether our write overwrote an edit whose text GitHub no longer has.</summary>
    /// <remarks>A revision deleted by its author does not count as lost text: otherwise an author could cause a rollback.</remarks>
    internal static bool IsTextLost(IssueSnapshot read, IssueSnapshot after) =>
        after.Edits is [{ ByUs: true }, { ByUs: false, BodyAfter: null, IsDeleted: false, EditedAt: var at }, ..] && at > read.UpdatedAt;
}
