using System.Text.Json.Serialization;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>The rollout's stored state: one document, saved as a whole against its version.</summary>
public sealed record RolloutState
{
    /// <summary>Version of the stored document's format.</summary>
    public int Schema { get; init; } = 1;

    public required string Phase { get; init; }

    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>When the rollout left its first phase, or began in a later one; null before.</summary>
    public DateTimeOffset? Launched { get; init; }

    /// <summary>When the coming rollout was announced to all teams; null before.</summary>
    public DateTimeOffset? Announced { get; init; }

    /// <summary>Gates count runs from here on: the phase's start, or the last <c>reset-evidence</c>.</summary>
    public required DateTimeOffset EvidenceFrom { get; init; }

    /// <summary>Start of the soak period: when the evidence began, or the last <c>resume</c> after a rollback.</summary>
    public required DateTimeOffset SoakFrom { get; init; }

    /// <summary>The guard counts runs that started after the last change of flags, so that it judges the flags in force.</summary>
    public required DateTimeOffset GuardFrom { get; init; }

    /// <summary>Undos recorded since then keep automatic starts from the issues they took back; null when none do.</summary>
    public DateTimeOffset? UndoneSince { get; init; }

    public FreezeState? Frozen { get; init; }

    public RollbackState? RolledBack { get; init; }

    public FlagTransition? Transition { get; init; }

    /// <summary>The replaced change, checked for late writes until none of its requests can still be running.</summary>
    [JsonPropertyName("overtaken")]
    public SupersededChange? Superseded { get; init; }

    public IReadOnlyList<Confirmation> Confirmations { get; init; } = [];

    /// <summary>What people wrote into the report, oldest first.</summary>
    public IReadOnlyList<ReportNote> ReportNotes { get; init; } = [];

    public int ReportNoteCount { get; init; }

    public GuardState Guard { get; init; } = GuardState.Empty;

    /// <summary>When the guard last ran, to within some minutes; null before the first time.</summary>
    public DateTimeOffset? GuardRoundAt { get; init; }

    /// <summary>Ids of recent runs that lost text and were handled; null in a document of an older version.</summary>
    [JsonPropertyName("lostTextSeen")]
    public IReadOnlyList<string>? HandledLostTextRuns { get; init; }

    /// <summary>Flags that differ from the plan, as audited.</summary>
    public IReadOnlyList<FlagDrift> Drift { get; init; } = [];

    /// <summary>Open ones and the last resolved ones, oldest first.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    public int IncidentCount { get; init; }

    /// <summary>Announcements not delivered everywhere yet.</summary>
    public IReadOnlyList<Announcement> Outbox { get; init; } = [];

    public int AnnouncementCount { get; init; }

    /// <summary>The last entry of the audit log.</summary>
    public long LastSequence { get; init; }

    /// <summary>Issues whose unexplained differences were already announced.</summary>
    [JsonPropertyName("discrepantTold")]
    public IReadOnlyList<string> AnnouncedDiscrepancies { get; init; } = [];

    /// <summary>Ids of the unmet criteria that were already announced.</summary>
    [JsonPropertyName("unmetTold")]
    public IReadOnlyList<string> AnnouncedUnmetCriteria { get; init; } = [];

    [JsonPropertyName("dailyTold")]
    public DateTimeOffset? DailyUpdateSentAt { get; init; }

    [JsonPropertyName("weeklyTold")]
    public DateTimeOffset? WeeklySummarySentAt { get; init; }

    /// <summary>Whether it was announced that the gate is met.</summary>
    public bool GateMetAnnounced { get; init; }

    /// <summary>The test issues that <c>rollout beta-issues</c> opened, with what the gate expects of them.</summary>
    public IReadOnlyList<OpenedBetaIssue> BetaIssues { get; init; } = [];

    /// <summary>When the rollout was begun; null in a document of an older version.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Null in a document of an older version: the workflows then count as in the wanted state.</summary>
    public WorkflowSwitchState? Workflows { get; init; }

    /// <summary>Returns the open incident of the rollback in effect, or null.</summary>
    public Incident? FindRollbackIncident() => Incidents.FirstOrDefault(i => i.IsOpen && i.Id == RolledBack?.IncidentId);

    /// <summary>Returns the open incident of a guard signal, or null.</summary>
    public Incident? FindOpenIncident(string signal) => Incidents.FirstOrDefault(i => i.IsOpen && i.Signal == signal);

    public static RolloutState Start(string phase, DateTimeOffset at) =>
        new() { Phase = phase, PhaseSince = at, EvidenceFrom = at, SoakFrom = at, GuardFrom = at, HandledLostTextRuns = [], Began = at };
}

/// <summary>A test issue of the soft launch.</summary>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="Expected">The outcome its newest run is to have.</param>
public sealed record OpenedBetaIssue(string Issue, string Title, BetaOutcome Expected);

/// <summary>A criterion that somebody confirmed.</summary>
public sealed record Confirmation(string Phase, string Criterion, string By, string Note, DateTimeOffset At);

/// <summary>What someone wrote into the report.</summary>
/// <param name="Id">For example <c>N-1</c>.</param>
/// <param name="About">
/// <c>well</c>, <c>improve</c> or <c>action</c> for a lesson learned, else the metric whose actual value it is: <c>coverage</c>.
/// </param>
public sealed record ReportNote(string Id, string About, string Text, string By, DateTimeOffset At);

/// <summary>A flag that differs from the plan.</summary>
/// <param name="Wanted">What the plan says, as display text.</param>
/// <param name="Actual">What the flag says, as display text.</param>
public sealed record FlagDrift(string Flag, string Wanted, string Actual)
{
    /// <summary>One line for people. A method, so that it is not stored.</summary>
    public string Describe() => $"{Flag} is {Actual}, the plan says {Wanted}";
}

/// <summary>Marks the rollout as frozen in its phase.</summary>
public sealed record FreezeState(string By, string Reason, DateTimeOffset At);

/// <summary>The state that GitHub's workflows were last switched to; the guard's minute compares it with the wanted one.</summary>
/// <param name="FailedTries">How often in a row not all of them could be switched; 0 when all are as wanted.</param>
public sealed record WorkflowSwitchState(WorkflowMode Mode, int FailedTries = 0);
