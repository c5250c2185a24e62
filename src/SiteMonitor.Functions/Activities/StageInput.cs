using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Comments;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <summary>What the steps of a stage are given.</summary>
/// <param name="NodeId">GitHub's GraphQL node id of the issue.</param>
/// <param name="Route">The run's decision; the kill switch is checked against it.</param>
/// <param name="Stage">The stage the step belongs to.</param>
/// <param name="Labels">The labels the run last saw.</param>
/// <param name="Analysis">What this run's unified analysis came to; null when it made none.</param>
/// <param name="Copilot">Whether Copilot took the issue; null until it was asked.</param>
public sealed record StageInput(
    string NodeId,
    RouteDecision Route,
    Stage Stage,
    IReadOnlyList<string> Labels,
    AnalysisDecision? Analysis,
    CopilotAssignment? Copilot) : ActivityInput
{
    /// <summary>Comments of ours, as the last step saw them, that no longer hold once the issue is ready.</summary>
    [JsonPropertyName("Stale")] public IReadOnlyList<OutdatedComment> StaleComments { get; init; } = [];
}
