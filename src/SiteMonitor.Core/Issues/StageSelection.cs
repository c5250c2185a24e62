using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Selects the stages of a run from the issue's state, whatever triggered the run.</summary>
public static class StageSelection
{
    public static StageChoice Select(IssueSnapshot snapshot, RequestedStage requested, SpecialistCatalogue catalogue) =>
        Select(IssueFacts.From(snapshot), requested, catalogue);

    public static StageChoice Select(IssueFacts issue, RequestedStage requested, SpecialistCatalogue catalogue)
    {
        WorkflowState state = LabelStateMachine.ReadState(issue.Labels, catalogue);
        if (GetSkipReason(issue, state) is { } nothing)
        {
            return new StageChoice([], state.SettledState, nothing.Code, nothing.Reason);
        }

        bool assigned = state.Specialists.Count > 0;
        return (requested, assigned) switch
        {
            (RequestedStage.Auto or RequestedStage.Preparation, true) =>
                Run(state, $"has the specialist label {state.Specialists[0]}", Stage.Preparation),
            (RequestedStage.Auto or RequestedStage.All, false) =>
                Run(state, "has the label site-monitor", Stage.Analysis, Stage.Preparation),
            (RequestedStage.Analysis, false) => Run(state, "has the label site-monitor", Stage.Analysis),
            (RequestedStage.Preparation, false) => Refuse(
                state,
                SkipCodes.NotAssigned,
                "The stage 'preparation' needs an assigned issue, and this one is discovered: run 'analysis' first, or 'auto' for both."),
            _ => Refuse(
                state,
                SkipCodes.NotDiscovered,
                $"The stage '{requested.ToName()}' needs a discovered issue, " +
                    $"and this one is assigned to {string.Join(", ", state.Specialists)}: use 'preparation' or 'auto'."),
        };
    }

    private static Refusal? GetSkipReason(IssueFacts issue, WorkflowState state) =>
        LabelStateMachine.GetBlockingReason(issue, state) ?? state switch
        {
            { SettledState: IssueState.Ready } => new Refusal(SkipCodes.CopilotAssigned, "Copilot has the issue already."),
            { HoldingLabel: { } held } =>
                new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: a person has to remove it."),
            { Specialists.Count: > 0 } or { SettledState: IssueState.Discovered } => null,
            { SpecialistsWithoutEntry: [var other, ..] } => new Refusal(
                SkipCodes.NoSpecialistEntry,
                $"The specialist label '{other}' has no entry in the catalogue: add one, or assign a specialist that has."),
            _ => new Refusal(SkipCodes.NoWorkflowLabel, "It has neither the label site-monitor nor a specialist label."),
        };

    private static StageChoice Run(WorkflowState state, string why, params Stage[] stages) =>
        new(stages, state.SettledState, string.Empty, $"The issue {why}.");

    private static StageChoice Refuse(WorkflowState state, string code, string reason) =>
        new([], state.SettledState, code, reason, IsRefused: true);
}

/// <summary>The stages that a run has to do.</summary>
/// <param name="Stages">The stages to run, in order; empty when there is nothing to do.</param>
/// <param name="State">The issue's state without short-lived labels.</param>
/// <param name="Code">Stable code of the reason why nothing is done; empty when there is something to do.</param>
/// <param name="Reason">Explanation as display text; always set.</param>
/// <param name="IsRefused">
/// Whether the issue's state does not allow the stage that was asked for, rather than there being nothing to do.
/// </param>
public sealed record StageChoice(IReadOnlyList<Stage> Stages, IssueState State, string Code, string Reason, bool IsRefused = false)
{
    public bool IsSkip => Stages.Count == 0;

    /// <summary>The first stage; null when there is nothing to do.</summary>
    public Stage? First => IsSkip ? null : Stages[0];
}
