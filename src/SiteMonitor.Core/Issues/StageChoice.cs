using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Core.Issues;

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
