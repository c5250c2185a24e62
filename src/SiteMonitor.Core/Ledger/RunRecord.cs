using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>One run, written once and never changed. No text of the issue, nothing personal, no secret. All figures of the product derive from these.</summary>
public sealed record RunRecord
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required RunKind Kind { get; init; }

    /// <summary>Unique; a second record with the same id is not written.</summary>
    public required string RunId { get; init; }

    /// <summary>Canonical <c>owner/repo#number</c>; empty for commands and heartbeats that concern no issue.</summary>
    public required string Issue { get; init; }

    /// <summary>webhook, timer, manual, batch, command, completion, guard.</summary>
    public required string Trigger { get; init; }

    /// <summary>auto, analysis, preparation, all; the name of an old command.</summary>
    public string RequestedStage { get; init; } = "auto";

    public IReadOnlyList<StageRecord> Stages { get; init; } = [];

    public Logic? Route { get; init; }

    public string RouteReason { get; init; } = string.Empty;

    public string FlagsRevision { get; init; } = string.Empty;

    public string Phase { get; init; } = string.Empty;

    /// <summary>SHA-256 over what the decision depends on: title, body without our section, labels without short-lived ones.</summary>
    public string InputHash { get; init; } = string.Empty;

    public required RunOutcome Outcome { get; init; }

    /// <summary>Stable code of a failure, a skip or a wait: <c>github-not-found</c>, <c>held-by-needs-review</c>.</summary>
    public string ReasonCode { get; init; } = string.Empty;

    /// <summary>The same for people.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>Specialist labels chosen.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>The model's content type, for the history term of the score; empty when none.</summary>
    public string ContentType { get; init; } = string.Empty;

    /// <summary>A person changed a workflow label while the run was on.</summary>
    public bool ManualIntervention { get; init; }

    public Usage Usage { get; init; } = Usage.Zero;

    /// <summary>From the run's start to its last write, without the waits for rate limits and the write queue, in milliseconds.</summary>
    public long DurationMs { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Ended { get; init; }
}

public enum RunKind
{
    Run,
    Completion,
    Command,
    Heartbeat,
}

public enum RunOutcome
{
    Succeeded,

    /// <summary>A person has to decide: needs-review, needs clarification, or a stage switched off without fallback.</summary>
    Waiting,
    Skipped,

    /// <summary>The legacy rules matched no specialist.</summary>
    Unmatched,

    /// <summary>The kill switch fell before the write; the run began anew.</summary>
    Rerouted,
    Failed,

    /// <summary>The issue is in no legal state, or its text was lost.</summary>
    Critical,
}

/// <param name="Outcome">What the stage came to; a stage that did not run has no entry.</param>
/// <param name="Ms">Milliseconds of work, waits left out.</param>
public sealed record StageRecord(Stage Stage, Logic Logic, RunOutcome Outcome, long Ms);
