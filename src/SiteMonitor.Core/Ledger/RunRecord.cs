using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>An entry of the ledger, written once and never changed. All figures of the product derive from these.</summary>
/// <remarks>
/// It holds no text of the issue, no login and no secret. What version 1 did not record is null or empty in its records:
/// it is unknown, and a figure that needs it leaves those records out. Members with a default have setters because a
/// source-generated reader does not keep the default of an <c>init</c> member that the JSON lacks.
/// </remarks>
public sealed record RunRecord : IRunFacts
{
    public const int CurrentVersion = 2;

    /// <summary>
    /// Beginning of the id of a backtest's decision on an issue of a repository, not of the built-in set. Its outcome is
    /// <see cref="RunOutcome.Succeeded"/> if the issue would have been assigned, <see cref="RunOutcome.Waiting"/> if left to a person.
    /// Its usage is zero if the model's answer was cached.
    /// Records that begin with <c>backtest:</c> are of an older version, which wrote succeeded for every decision.
    /// </summary>
    public const string BacktestIdPrefix = "backtest-own:";

    public int Version { get; set; } = CurrentVersion;

    public required RunKind Kind { get; init; }

    /// <summary>Unique; a second record with the same id is not written.</summary>
    public required string RunId { get; init; }

    /// <summary>Canonical <c>owner/repo#number</c>; empty for records that concern no issue.</summary>
    public required string Issue { get; init; }

    /// <summary>What started the run: see <see cref="TriggerNames"/>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The stage that was asked for (see <see cref="StageNames"/>), or the name of an old command.</summary>
    public string RequestedStage { get; set; } = StageNames.Auto;

    public IReadOnlyList<StageRecord> Stages { get; set; } = [];

    /// <summary>The logic that the flags chose for the issue; null when they were not asked.</summary>
    public Logic? Route { get; set; }

    public string RouteReason { get; set; } = string.Empty;

    public string FlagsRevision { get; set; } = string.Empty;

    /// <summary>The rollout phase at that time.</summary>
    public string Phase { get; set; } = string.Empty;

    /// <summary>SHA-256 over title, body without our section, and labels without short-lived ones.</summary>
    public string InputHash { get; set; } = string.Empty;

    public required RunOutcome Outcome { get; init; }

    /// <summary>Stable code of a failure, a skip, a wait or an outcome: <c>github-not-found</c>, <c>held-by-needs-review</c>.</summary>
    public string ReasonCode { get; set; } = string.Empty;

    /// <summary>The same for people.</summary>
    public string Reason { get; set; } = string.Empty;

    /// <summary>Labels of the specialists that were chosen.</summary>
    public IReadOnlyList<string> Specialists { get; set; } = [];

    /// <summary>The content type that the model found, for the history term of the score; empty when none.</summary>
    public string ContentType { get; set; } = string.Empty;

    /// <summary>Whether a person changed a workflow label during the run.</summary>
    public bool ManualIntervention { get; set; }

    /// <summary>The issue's labels when the run first read it; null when unknown (version 1).</summary>
    public IReadOnlyList<string>? LabelsBefore { get; set; }

    /// <summary>The labels that the run itself added, short-lived ones left out; null when unknown (version 1).</summary>
    public IReadOnlyList<string>? LabelsAdded { get; set; }

    /// <summary>The labels that the run itself removed, short-lived ones left out; null when unknown (version 1).</summary>
    public IReadOnlyList<string>? LabelsRemoved { get; set; }

    /// <summary>The issue's labels when the run last saw them; null if unknown, as after a failed cleanup.</summary>
    public IReadOnlyList<string>? LabelsAfter { get; set; }

    /// <summary>Node id of our comment on the issue, by which a later run finds it; empty when there is none.</summary>
    public string CommentNodeId { get; set; } = string.Empty;

    /// <summary>Hash of the issue's author (see <see cref="UsageLimiter.GetAuthorKey"/>); empty when unknown.</summary>
    public string AuthorKey { get; set; } = string.Empty;

    /// <summary>Whether it counts for the phase's intake; false in records of version 1.</summary>
    public bool FromBacklog { get; set; }

    /// <summary>Who called an old command: the name that the caller gave, else the client's; empty when unknown.</summary>
    public string Caller { get; set; } = string.Empty;

    public Usage Usage { get; set; } = Usage.Zero;

    /// <summary>From the run's start to its last write, in milliseconds, without waits for rate limits and the write queue.</summary>
    public long DurationMs { get; set; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Ended { get; init; }

    bool IRunFacts.RanUnified => Stages.Count == 0 || Stages.Any(s => s.Logic == Logic.Unified);

    bool? IRunFacts.IsTransitionValid => LabelTransition.IsValid(this);
}

/// <summary>The kind of a ledger record. Stored facts hold the numbers: add new members at the end.</summary>
public enum RunKind
{
    Run,
    Completion,

    /// <summary>A call of an old command.</summary>
    Command,
    Heartbeat,

    /// <summary>A comparison outside a run; one made within a run is part of that run's record.</summary>
    Comparison,

    /// <summary>
    /// An operator takes back what the pipeline wrote on an issue. The record precedes the write; a second one that says failed follows
    /// where the write could not be made.
    /// </summary>
    Undo,

    /// <summary>What became of an issue after its run: see <see cref="OutcomeCodes"/>.</summary>
    Outcome,

    /// <summary>A remark that a person added to the report.</summary>
    Note,
}

/// <summary>How a run ended. Stored facts hold the numbers: add new members at the end.</summary>
public enum RunOutcome
{
    Succeeded,

    /// <summary>A person has to act: see <see cref="HandOverReason"/>.</summary>
    Waiting,

    /// <summary>There was nothing to do.</summary>
    Skipped,

    /// <summary>The legacy rules matched no specialist.</summary>
    Unmatched,

    /// <summary>The kill switch was used before the write, and the run began anew.</summary>
    Rerouted,
    Failed,

    /// <summary>A read after the run shows the issue in no legal state, or its text was lost.</summary>
    Critical,
}

/// <summary>The result of one stage of a run; a stage that did not run has none.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Logic">The logic that it ran.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Ms">Milliseconds of work, without waits.</param>
public sealed record StageRecord(Stage Stage, Logic Logic, RunOutcome Outcome, long Ms);

/// <summary>Reason codes of records of the kind <see cref="RunKind.Outcome"/>.</summary>
public static class OutcomeCodes
{
    /// <summary>A person replaced the specialist; the record's specialists are the new ones.</summary>
    public const string SpecialistChanged = "specialist-changed";
    public const string PullRequestMerged = "pull-request-merged";

    /// <summary>The pull request was closed without being merged.</summary>
    public const string PullRequestClosed = "pull-request-closed";
    public const string IssueReopened = "issue-reopened";

    /// <summary>A person changed a workflow label or removed Copilot's assignment between runs.</summary>
    public const string ManualIntervention = "manual-intervention";

    /// <summary>A person changed the labels of an issue that an undo had taken back.</summary>
    public const string LabelsChanged = "labels-changed";
}
