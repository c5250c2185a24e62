using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>What <see cref="PrepareUnified"/> knows so far of the issue that it prepares.</summary>
/// <param name="Issue">The issue as it was read.</param>
/// <param name="PlannedChange">Our change to the issue.</param>
/// <param name="HasManualIntervention">
/// Whether a person changed a workflow label or removed Copilot's assignment since the run began.
/// </param>
internal sealed record PreparationProgress(
    StageInput Input, IssueSnapshot Issue, IssueChange PlannedChange, bool HasManualIntervention)
{
    /// <summary>Compares the labels that a write should have left with those that its response shows.</summary>
    public PreparationProgress WithLabelCheck(
        IReadOnlyList<string> expected, IReadOnlyList<string> actual, SpecialistCatalogue catalogue) =>
        this with { HasManualIntervention = HasManualIntervention || ManualIntervention.IsShownBy(expected, actual, catalogue) };

    public LabelEffect GetEffect(IReadOnlyList<string> after) =>
        LabelEffect.Of(
            PlannedChange with { AddLabels = [.. PlannedChange.AddLabels, WorkflowLabels.CopilotAssigned] }, Input.Labels, after);

    /// <summary>Returns the result of a preparation that is done.</summary>
    /// <param name="after">The issue as the last write left it.</param>
    public StageResult CreateResult(IssueSnapshot after, PlanContext context) => new()
    {
        Status = StageStatus.Done,
        Labels = after.Labels,
        Specialists = LabelStateMachine.ReadState(after.Labels, context.Catalogue).Specialists,
        InputHash = InputHash.Compute(after, context.Markers),
        ManualIntervention = HasManualIntervention,
        Effect = GetEffect(after.Labels),
        CommentNodeId = CommentMarkers.FindNewest(after.WithCommentsOf(Issue), context.Markers),
        Remark = after.RefusedComment is { } reason ? $"GitHub refused the comment: {reason}" : string.Empty,
    };
}
