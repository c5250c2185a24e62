using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>The result of an activity that does part of a stage.</summary>
public sealed record StageResult
{
    [JsonPropertyName("Verdict")]
    public required StageStatus Status { get; init; }

    /// <summary>Set when refused or waiting.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The issue's labels as the activity last saw them.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The decision of the unified analysis, from the activity that made it.</summary>
    public AnalysisDecision? Analysis { get; init; }

    /// <summary>The labels of the assigned specialists; empty when the legacy rules matched none.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>The hash of the issue after the activity; empty when it did not read the issue.</summary>
    public string InputHash { get; init; } = string.Empty;

    /// <summary>The hash of the analyzed text; empty when the activity analyzed none.</summary>
    public string TextHash { get; init; } = string.Empty;

    /// <summary>Whether a person changed a workflow label since the run last read the labels.</summary>
    public bool ManualIntervention { get; init; }

    /// <summary>What the activity's own writes did to the labels.</summary>
    public LabelEffect Effect { get; init; } = LabelEffect.None;

    /// <summary>Node id of our newest comment on the issue, as far as the activity saw it; empty when there is none.</summary>
    public string CommentNodeId { get; init; } = string.Empty;

    /// <summary>Whether a person's text was overwritten and could not be restored.</summary>
    public bool TextLost { get; init; }

    /// <summary>Set when Copilot did not take the issue.</summary>
    public CopilotAssignment? Copilot { get; init; }

    /// <summary>A partial failure of an activity that otherwise succeeded, such as a refused comment; display text.</summary>
    public string Remark { get; init; } = string.Empty;

    public static StageResult Rerouted(IReadOnlyList<string> labels) => new() { Status = StageStatus.Rerouted, Labels = labels };

    /// <param name="isTouched">Whether a person changed a workflow label. Closing the issue is no such change.</param>
    public static StageResult Refused(Refusal refusal, IReadOnlyList<string> labels, bool isTouched) =>
        new() { Status = StageStatus.Refused, Refusal = refusal, Labels = labels, ManualIntervention = isTouched };

    /// <summary>The text changed after its analysis; our only changes on the issue are short-lived labels.</summary>
    public static StageResult TextChanged(IReadOnlyList<string> labels) => new() { Status = StageStatus.TextChanged, Labels = labels };

    public static StageResult Waiting(Refusal reason, IReadOnlyList<string> labels) =>
        new() { Status = StageStatus.Waiting, Refusal = reason, Labels = labels };

    /// <summary>The guidance does not fit into the body, and GitHub refused the comment that holds the rest.</summary>
    public static StageResult GuidanceNotPlaced(string refused, IReadOnlyList<string> labels) => Waiting(
        new Refusal(WaitCodes.GuidanceNotPlaced, $"The guidance does not fit into the issue, and GitHub refused the comment: {refused}"),
        labels);
}

/// <summary>The input of the activities of a stage.</summary>
/// <param name="NodeId">The issue's GraphQL node id.</param>
/// <param name="Route">The run's decision; the kill switch is checked against it.</param>
/// <param name="Stage">The stage that the activity belongs to.</param>
/// <param name="Labels">The issue's labels as the run last saw them.</param>
/// <param name="Analysis">The unified analysis of this run; null when it made none.</param>
public sealed record StageInput(
    string NodeId,
    RouteDecision Route,
    Stage Stage,
    IReadOnlyList<string> Labels,
    AnalysisDecision? Analysis) : ActivityInput
{
    /// <summary>The hash of the text that this run analyzed; empty when it analyzed none.</summary>
    public string TextHash { get; init; } = string.Empty;

    /// <summary>The id of the run's start; empty in the input of a run that an older version started.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>Whether the model kept failing: this attempt finds out whether only this text makes it fail.</summary>
    public bool IsLastAttempt { get; init; }

    /// <summary>What a read of the issue must show; null for a dry run, whose writes GitHub does not show.</summary>
    [JsonIgnore]
    public IssueObservation? Seen => Planned is null ? IssueObservation.WithShortLived(Labels) : null;

    /// <summary>Creates the input of a run's first stage.</summary>
    internal static StageInput For(PipelineInput run, ReadIssueResult read, RouteDecision route) =>
        new(read.NodeId, route, read.Choice.Stages[0], read.Facts.Labels, Analysis: null)
        {
            Issue = run.Issue,
            RequestId = run.RequestId,
            Priority = run.GetWritePriority(read.Facts.Labels),
        };

    /// <summary>Returns the input of the activity that follows one with this result.</summary>
    internal StageInput After(StageResult result) => this with
    {
        Labels = result.Labels,
        Analysis = result.Analysis ?? Analysis,
        TextHash = result.TextHash.Length > 0 ? result.TextHash : TextHash,
    };
}

/// <summary>How an activity that works on an issue ended.</summary>
public enum StageStatus
{
    Done,

    /// <summary>The kill switch stopped the activity before its write: nothing was written.</summary>
    Rerouted,

    /// <summary>The issue changed meanwhile and no longer allows the activity. At most labels were restored.</summary>
    Refused,

    /// <summary>The text is not the analyzed one: the run analyzes it again.</summary>
    TextChanged,

    /// <summary>The issue waits for a person.</summary>
    Waiting,
}
