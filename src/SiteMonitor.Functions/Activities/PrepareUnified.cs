using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Hands the issue to Copilot: one request writes guidance and labels and assigns the agent, so that nobody can change the text in between.
/// A second request marks the issue as ready and comments. Running the activity again continues where it stopped.
/// </summary>
public sealed class PrepareUnified(
    ActivityExecutor executor, IRoutePolicy policy, IAnalysisModel model, NameFinder nameFinder, PlanContext context)
{
    [Function(nameof(PrepareUnified))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(PrepareUnified), input, tracker => PrepareAsync(tracker, input, found: null, cancellationToken));

    /// <param name="found">The names, if the model was asked for them before this read of the issue.</param>
    private async Task<CallResult<StageResult>> PrepareAsync(
        IIssueTracker tracker, StageInput input, FoundNames? found, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, input.Seen, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, StageResult>();
        }

        input = input with { Analysis = await model.AddTextsAsync(input.Analysis, context.Catalogue, cancellationToken) };

        // Copilot has the issue from an attempt that was interrupted: only the last request is missing, whatever the flags say.
        bool isHandedOver = issue.Assignees.Any(CopilotLogin.IsCopilot)
            && (issue.HasLabel(WorkflowLabels.Processing) || issue.HasLabel(WorkflowLabels.CopilotAssigned));
        Stage[] stages = input.Analysis is null ? [Stage.Preparation] : [Stage.Analysis, Stage.Preparation];
        if (!isHandedOver && !await policy.IsStillValidAsync(input.Route, stages, input.Ref, issue.Labels, cancellationToken))
        {
            return HalfDonePreparation.IsLeftIn(issue, input.Labels, context)
                ? await HalfDonePreparation.TakeBackAsync(tracker, issue, context, cancellationToken)
                : CallResult<StageResult>.Ok(StageResult.Rerouted(issue.Labels));
        }

        string? overwritten = OverwrittenText.Find(issue, context.Markers);
        IssueSnapshot current = issue with
        {
            Body = overwritten ?? issue.Body,
            Labels = isHandedOver ? GetLabelsAfterAssignment(issue) : GetLabels(issue, input),
        };
        ChangePlan plan = PreparationPlanner.For(context, current, input.Analysis);
        NamedEntities? names = null;

        // The interrupted attempt that handed the issue over may have had no names.
        if (!plan.IsRefused && !plan.Change.IsEmpty && !(isHandedOver && plan.Change.Body is null))
        {
            if (input.Analysis is null && found is null)
            {
                found = await nameFinder.FindAsync(input.RequestId, current, cancellationToken);
                if (found.IsModelAsked)
                {
                    // During the question the flags may have been switched off, or the issue changed.
                    return await PrepareAsync(tracker, input, found, cancellationToken);
                }
            }

            names = input.Analysis is { } decision ? decision.Names : found?.Names;
            plan = PreparationPlanner.For(context, current, input.Analysis, names);
        }

        // An attempt whose response was lost may have written this already.
        IssueChange ours = current.Labels.SequenceEqual(input.Labels)
            ? plan.Change
            : PreparationPlanner.For(context, current with { Labels = input.Labels }, input.Analysis, names).Change;
        PreparationProgress progress = new(
            input, current, ours, ManualIntervention.IsShownBy(input.Labels, current.Labels, context.Catalogue, ours));
        if (plan.Refused is { } refusal)
        {
            // The interrupted attempt may have assigned Copilot to an issue that was closed or held back since.
            return isHandedOver && issue.HasLabel(WorkflowLabels.Processing)
                ? await UnassignCopilotAsync(tracker, progress, issue, overwritten, refusal, cancellationToken)
                : CallResult<StageResult>.Ok(StageResult.Refused(refusal, issue.Labels, progress.HasManualIntervention));
        }

        bool isAnalyzed = input.TextHash.Length == 0 || InputHash.ComputeText(current, context.Markers) == input.TextHash;
        if (isHandedOver)
        {
            // The interrupted attempt may have assigned Copilot although the text was refused or swapped.
            return overwritten is null && isAnalyzed && plan.Change.Body is null
                ? await FinishAsync(tracker, progress, issue, plan.Change.Comment, cancellationToken)
                : await UnassignCopilotAsync(
                    tracker, progress, issue, overwritten ?? (isAnalyzed ? issue.Body : null), null, cancellationToken);
        }

        return !isAnalyzed
            ? await RestoreTextAsync(tracker, issue, overwritten, cancellationToken)
            : await AssignCopilotAsync(tracker, progress, plan, overwritten, cancellationToken);
    }

    /// <summary>The last request may have set <c>copilot-assigned</c> although its comment is missing.</summary>
    private static IReadOnlyList<string> GetLabelsAfterAssignment(IssueSnapshot issue) =>
    [
        .. issue.Labels.Except([WorkflowLabels.CopilotAssigned, WorkflowLabels.Processing], StringComparer.OrdinalIgnoreCase),
        WorkflowLabels.Processing,
    ];

    /// <summary>
    /// Returns the issue's labels. Adds <c>site-monitor</c> if an earlier attempt removed it while GitHub refused the specialists' labels,
    /// which our section on the issue shows.
    /// </summary>
    private IReadOnlyList<string> GetLabels(IssueSnapshot issue, StageInput input)
    {
        bool isHalfWritten = input.Labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase)
            && LabelStateMachine.ReadState(issue.Labels, context.Catalogue).SettledState == IssueState.Unmanaged
            && GuidanceSection.Read(issue.Body, issue.Ref, context.Markers) is not null;
        return isHalfWritten ? [.. issue.Labels, WorkflowLabels.SiteMonitor] : issue.Labels;
    }

    /// <summary>
    /// The text is not the analyzed one. If an earlier write of ours overwrote a person's edit, their text is restored first.
    /// </summary>
    private static async Task<CallResult<StageResult>> RestoreTextAsync(
        IIssueTracker tracker, IssueSnapshot issue, string? overwritten, CancellationToken cancellationToken)
    {
        if (overwritten is null)
        {
            return CallResult<StageResult>.Ok(StageResult.TextChanged(issue.Labels));
        }

        using CallMeter extra = CallMeter.StartExtra();
        CallResult<IssueSnapshot> restored = await tracker.ApplyAsync(issue.Ref, issue.NodeId, new IssueChange { Body = overwritten },
            cancellationToken);
        return restored.Then(after => StageResult.TextChanged(after.Labels));
    }

    private async Task<CallResult<StageResult>> AssignCopilotAsync(
        IIssueTracker tracker, PreparationProgress progress, ChangePlan plan, string? overwritten, CancellationToken cancellationToken)
    {
        // Copilot must find all of the guidance: a comment that holds a part of it is written first.
        IssueSnapshot issue = progress.Issue;
        CallResult<PlacedGuidance> placing = await GuidanceComment.PlaceAsync(tracker, issue, plan, cancellationToken);
        if (placing.Value is not { } placed)
        {
            return placing.AsRateLimited<PlacedGuidance, StageResult>();
        }

        if (placed.RefusedComment is { } reason)
        {
            return CallResult<StageResult>.Ok(StageResult.GuidanceNotPlaced(reason, issue.Labels));
        }

        progress = progress with { Issue = placed.Issue };
        CommentChange? comment = placed.Change.Comment;
        IssueChange change = placed.Change with { Comment = null, Body = plan.Change.Body ?? overwritten };
        CallResult<AssignCopilotResult> result = await tracker.AssignCopilotAsync(issue, change, cancellationToken);
        if (result.Value is not { } handOver)
        {
            return result.AsRateLimited<AssignCopilotResult, StageResult>();
        }

        bool isWritten = handOver.Copilot.Code != CopilotAssignment.AssigneeLimit;
        if (!isWritten)
        {
            // Nothing was written: a body without our section must not count as a person's edit.
            change = IssueChange.None;
        }

        string? edited = change.Body is { } body ? EditRestoration.Restore(handOver.Issue, issue.Body, body, context.Markers) : null;
        if (edited is not null || !handOver.IsTextAsWritten)
        {
            return await UnassignCopilotAsync(tracker, progress, handOver.Issue, edited, null, cancellationToken);
        }

        IssueSnapshot after = handOver.Issue.WithCommentsOf(progress.Issue);
        progress = progress.WithLabelCheck(DryRun.ApplyChange(issue, change).Labels, after.Labels, context.Catalogue);
        if (isWritten && LabelStateMachine.Apply(IssueFacts.From(after), Transition.Prepare, context.Catalogue).Refused is { } blocked)
        {
            // A person closed the issue, or held it back, between our read and our write.
            return await UnassignCopilotAsync(tracker, progress, after, edited: null, blocked, cancellationToken);
        }

        CallResult<StageResult> finished = handOver.Copilot.Assigned
            ? await FinishAsync(tracker, progress, after, comment, cancellationToken)
            : await CommentNotAssignedAsync(tracker, progress, after, comment, handOver.Copilot, cancellationToken);
        return finished.Then(done => done with { TextLost = StageWriter.IsTextLost(issue, handOver.Issue) });
    }

    /// <summary>
    /// The issue changed between our read and our write: Copilot is unassigned at once, and text and labels return to what they were.
    /// A person's edit is analyzed again; text that is not what we wrote waits for a person.
    /// </summary>
    /// <param name="edited">The text with a person's edit; null if there was none.</param>
    /// <param name="refusal">Why the issue can no longer be handed over; null if only its text changed.</param>
    private async Task<CallResult<StageResult>> UnassignCopilotAsync(
        IIssueTracker tracker, PreparationProgress progress, IssueSnapshot after, string? edited, Refusal? refusal,
        CancellationToken cancellationToken)
    {
        StageInput input = progress.Input;
        bool wasDiscovered = input.Labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase);
        IssueChange undo = new()
        {
            Body = GuidanceSection.Remove(edited ?? after.Body, after.Ref, context.Markers),
            AddLabels = wasDiscovered && !after.HasLabel(WorkflowLabels.Completed) ? [WorkflowLabels.SiteMonitor] : [],
            RemoveLabels =
            [
                WorkflowLabels.Processing,
                .. (input.Analysis?.Specialists ?? []).Except(input.Labels, StringComparer.OrdinalIgnoreCase),
            ],
        };
        using CallMeter extra = CallMeter.StartExtra();
        CallResult<IssueSnapshot> undone = await tracker.UnassignCopilotAsync(after, undo, cancellationToken);
        return undone.Then(issue => issue.Assignees.Any(CopilotLogin.IsCopilot)
            ? StageResult.Waiting(
                new Refusal(WaitCodes.CopilotNotUnassigned,
                    $"{refusal?.Reason ?? "The issue's text changed while it was handed to Copilot."} " +
                        "GitHub still shows Copilot as assigned: " +
                        "unassign it by hand and check the text."),
                issue.Labels)
            : refusal is not null
            ? StageResult.Refused(refusal, issue.Labels, progress.HasManualIntervention)
            : edited is not null
            ? StageResult.TextChanged(issue.Labels)
            : StageResult.Waiting(
                new Refusal(WaitCodes.TextSwapped,
                    "The issue's text changed while it was handed to Copilot, so Copilot was unassigned: check the text."),
                issue.Labels));
    }

    /// <param name="issue">The issue as the hand-over left it.</param>
    private async Task<CallResult<StageResult>> FinishAsync(
        IIssueTracker tracker, PreparationProgress progress, IssueSnapshot issue, CommentChange? comment,
        CancellationToken cancellationToken)
    {
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(issue.Labels), Transition.Finish, context.Catalogue);
        if (change.Refused is { } refusal)
        {
            StageResult refused = StageResult.Refused(refusal, issue.Labels, progress.HasManualIntervention);
            return CallResult<StageResult>.Ok(refused with { Effect = progress.GetEffect(issue.Labels) });
        }

        IssueChange write = change.ToIssueChange() with
        {
            Comment = comment,
            ResolvedComments =
            [
                .. CommentMarkers.FindOutdated(progress.Issue, context.Markers)
                    .Select(outdated => CommentMarkers.CreateResolvedChange(issue.Ref, outdated, context.Markers)),
            ],
        };
        if (write.IsEmpty)
        {
            return CallResult<StageResult>.Ok(progress.CreateResult(issue, context));
        }

        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, write, cancellationToken);
        return written.Then(after =>
        {
            PreparationProgress seen = progress.WithLabelCheck(DryRun.ApplyChange(issue, write).Labels, after.Labels, context.Catalogue);
            seen = after.Assignees.Any(CopilotLogin.IsCopilot) ? seen : seen with { HasManualIntervention = true };
            return seen.CreateResult(after, context);
        });
    }

    /// <summary>Copilot did not take the issue: it returns to assigned, with a comment that says why.</summary>
    private async Task<CallResult<StageResult>> CommentNotAssignedAsync(
        IIssueTracker tracker,
        PreparationProgress progress,
        IssueSnapshot after,
        CommentChange? comment,
        CopilotAssignment copilot,
        CancellationToken cancellationToken)
    {
        if (comment is not null)
        {
            using CallMeter extra = CallMeter.StartExtra();
            if ((await tracker.ApplyAsync(
                after.Ref, after.NodeId, new IssueChange { Comment = comment }, cancellationToken)).RetryAt is { } retryAt)
            {
                return CallResult<StageResult>.RateLimited(retryAt);
            }
        }

        IReadOnlyList<string> specialists = LabelStateMachine.ReadState(after.Labels, context.Catalogue).Specialists;
        IssueChange change = LifecyclePlanner.CopilotUnassigned(context, after, specialists, copilot.Detail).Change;
        CallResult<IssueSnapshot> written = change.IsEmpty
            ? CallResult<IssueSnapshot>.Ok(after)
            : await tracker.ApplyAsync(after.Ref, after.NodeId, change, cancellationToken);
        return written.Then(issue =>
            progress.WithLabelCheck(DryRun.ApplyChange(after, change).Labels, issue.Labels, context.Catalogue)
                .CreateResult(issue, context) with
            {
                Copilot = copilot,
            });
    }
}
