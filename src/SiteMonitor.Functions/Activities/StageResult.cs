using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Functions.Activities;

/// <summary>What a step of a stage came to.</summary>
public sealed record StageResult
{
    [JsonPropertyName("Verdict")] public required StageStatus Status { get; init; }

    /// <summary>Set when refused.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The labels the step last saw.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The unified analysis' decision, from the step that made it.</summary>
    public AnalysisDecision? Analysis { get; init; }

    /// <summary>Labels of the specialists the issue went to; empty when the legacy rules matched none.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>Of the issue as the step left it; empty when it was not read.</summary>
    public string InputHash { get; init; } = string.Empty;

    /// <summary>A person changed a workflow label since the run last looked.</summary>
    public bool ManualIntervention { get; init; }

    /// <summary>A person's text was overwritten and could not be put back.</summary>
    public bool TextLost { get; init; }

    /// <summary>Comments of ours that no longer hold once the issue is ready.</summary>
    [JsonPropertyName("Stale")] public IReadOnlyList<OutdatedComment> StaleComments { get; init; } = [];

    public static StageResult Rerouted(IReadOnlyList<string> labels) => new() { Status = StageStatus.Rerouted, Labels = labels };

    /// <param name="touched">Whether a person changed a workflow label; closing the issue, say, is no such change.</param>
    public static StageResult Refused(Refusal refusal, IReadOnlyList<string> labels, bool touched) =>
        new() { Status = StageStatus.Refused, Refusal = refusal, Labels = labels, ManualIntervention = touched };
}

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

/// <summary>How a step that works on an issue ended.</summary>
public enum StageStatus
{
    Done,

    /// <summary>The kill switch fell: nothing was written.</summary>
    Rerouted,

    /// <summary>The issue changed meanwhile and no longer allows the step: nothing was written but what the state needs.</summary>
    Refused,
}
