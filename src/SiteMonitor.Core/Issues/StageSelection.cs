using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Which stages a run has to do: decided from the issue's state, never from what triggered the run.</summary>
public static class StageSelection
{
    public static StageChoice Select(IssueSnapshot snapshot, RequestedStage requested, SpecialistCatalogue catalogue) =>
        Select(IssueFacts.From(snapshot), requested, catalogue);

    public static StageChoice Select(IssueFacts issue, RequestedStage requested, SpecialistCatalogue catalogue)
    {
        WorkflowState reading = LabelStateMachine.ReadState(issue.Labels, catalogue);
        if (GetSkipReason(issue, reading) is { } nothing)
        {
            return new StageChoice([], reading.SettledState, nothing.Code, nothing.Reason);
        }

        bool assigned = reading.Specialists.Count > 0;
        return (requested, assigned) switch
        {
            (RequestedStage.Auto or RequestedStage.Preparation, true) => Run(reading, $"has the specialist label {reading.Specialists[0]}", Stage.Preparation),
            (RequestedStage.Auto or RequestedStage.All, false) => Run(reading, "has the label site-monitor", Stage.Analysis, Stage.Preparation),
            (RequestedStage.Analysis, false) => Run(reading, "has the label site-monitor", Stage.Analysis),
            (RequestedStage.Preparation, false) => Refuse(
                reading,
                SkipCodes.NotAssigned,
                "The stage 'preparation' needs an assigned issue, and this one is discovered: run 'analysis' first, or 'auto' or 'all' for both."),
            _ => Refuse(
                reading,
                SkipCodes.NotDiscovered,
                $"The stage '{requested.ToName()}' needs a discovered issue, and this one is assigned to {string.Join(", ", reading.Specialists)}: use 'preparation' or 'auto'."),
        };
    }

    private static Refusal? GetSkipReason(IssueFacts issue, WorkflowState reading) =>
        LabelStateMachine.GetBlockingReason(issue, reading) ?? reading switch
        {
            { SettledState: IssueState.Ready } => new Refusal(SkipCodes.CopilotAssigned, "Copilot has the issue already."),
            { HoldingLabel: { } held } => new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: a person has to remove it."),
            { Specialists.Count: > 0 } or { SettledState: IssueState.Discovered } => null,
            { SpecialistsWithoutEntry: [var other, ..] } => new Refusal(
                SkipCodes.NoSpecialistEntry,
                $"The specialist label '{other}' has no entry in the catalogue: add one, or assign a specialist that has."),
            _ => new Refusal(SkipCodes.NoWorkflowLabel, "It has neither the label site-monitor nor a specialist label."),
        };

    private static StageChoice Run(WorkflowState reading, string why, params Stage[] stages) => new(stages, reading.SettledState, string.Empty, $"The issue {why}.");

    private static StageChoice Refuse(WorkflowState reading, string code, string reason) => new([], reading.SettledState, code, reason, IsRefused: true);
}

/// <summary>What a run has to do with an issue.</summary>
/// <param name="Stages">The stages to run, in order; empty when there is nothing to do.</param>
/// <param name="State">The resting state the choice was made in.</param>
/// <param name="Code">Why nothing is done: a stable code; empty when there is something to do.</param>
/// <param name="Reason">For people; set in both cases.</param>
/// <param name="IsRefused">A stage was asked for by name that the issue's state does not allow (rather than: nothing to do).</param>
public sealed record StageChoice(IReadOnlyList<Stage> Stages, IssueState State, string Code, string Reason, bool IsRefused = false)
{
    public bool IsSkip => Stages.Count == 0;

    /// <summary>The stage the run begins with; null when there is nothing to do.</summary>
    public Stage? First => IsSkip ? null : Stages[0];
}
