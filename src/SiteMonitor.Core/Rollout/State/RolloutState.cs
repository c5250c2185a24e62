using System.Text.Json.Serialization;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Where the rollout stands: one document, changed only as a whole against its version.</summary>
public sealed record RolloutState
{
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    public required string Phase { get; init; }

    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>When the rollout left its first phase, or began in a later one; null before.</summary>
    public DateTimeOffset? Launched { get; init; }

    /// <summary>When all teams were told that the rollout is to come; null before.</summary>
    public DateTimeOffset? Announced { get; init; }

    /// <summary>Gates count runs from here on: the phase's start, or the last <c>reset-evidence</c>.</summary>
    public required DateTimeOffset EvidenceFrom { get; init; }

    /// <summary>The soak counts from here: as the evidence, or the last <c>resume</c> after a rollback.</summary>
    public required DateTimeOffset SoakFrom { get; init; }

    /// <summary>The guard looks at runs that started after this: the last change of flags, so that it judges what is in force now.</summary>
    public required DateTimeOffset GuardFrom { get; init; }

    public FreezeMark? Frozen { get; init; }

    public RollbackMark? RolledBack { get; init; }

    public FlagTransition? Transition { get; init; }

    /// <summary>Watched for late writes until no request of it can be under way any more.</summary>
    [JsonPropertyName("overtaken")] public SupersededChange? Superseded { get; init; }

    public IReadOnlyList<Confirmation> Confirmations { get; init; } = [];

    public GuardState Guard { get; init; } = GuardState.Empty;

    /// <summary>When the guard last did its round, to within some minutes; null before its first.</summary>
    public DateTimeOffset? GuardRoundAt { get; init; }

    /// <summary>Ids of runs that lost text and that the guard has dealt with, of its longest window; null in a document from before this was kept.</summary>
    [JsonPropertyName("lostTextSeen")] public IReadOnlyList<string>? HandledLostTextRuns { get; init; }

    /// <summary>Drift that is audited already.</summary>
    public IReadOnlyList<FlagDrift> Drift { get; init; } = [];

    /// <summary>Open ones and the last resolved ones, oldest first.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    public int IncidentCount { get; init; }

    /// <summary>Announcements not delivered everywhere yet.</summary>
    public IReadOnlyList<Announcement> Outbox { get; init; } = [];

    public int AnnouncementCount { get; init; }

    /// <summary>The last entry of the audit log.</summary>
    public long LastSequence { get; init; }

    /// <summary>Issues with unexplained differences that people have been told of already.</summary>
    [JsonPropertyName("discrepantTold")] public IReadOnlyList<string> AnnouncedDiscrepancies { get; init; } = [];

    /// <summary>Unmet criteria that people have been told of already, by id.</summary>
    [JsonPropertyName("unmetTold")] public IReadOnlyList<string> AnnouncedUnmetCriteria { get; init; } = [];

    [JsonPropertyName("dailyTold")] public DateTimeOffset? DailyUpdateSentAt { get; init; }

    [JsonPropertyName("weeklyTold")] public DateTimeOffset? WeeklySummarySentAt { get; init; }

    /// <summary>Null in a document from before this was kept: then the workflows count as standing right.</summary>
    public WorkflowMark? Workflows { get; init; }

    public static RolloutState Start(string phase, DateTimeOffset at) =>
        new() { Phase = phase, PhaseSince = at, EvidenceFrom = at, SoakFrom = at, GuardFrom = at, HandledLostTextRuns = [] };
}

/// <summary>A criterion somebody vouched for.</summary>
public sealed record Confirmation(string Phase, string Criterion, string By, string Note, DateTimeOffset At);

/// <summary>A flag that differs from the plan.</summary>
/// <param name="Wanted">What the plan says, for people.</param>
/// <param name="Actual">What the flag says, for people.</param>
public sealed record FlagDrift(string Flag, string Wanted, string Actual)
{
    /// <summary>One line for people. A method, so that it is not stored.</summary>
    public string Describe() => $"{Flag} is {Actual}, the plan says {Wanted}";
}

/// <summary>The rollout is held where it is.</summary>
public sealed record FreezeMark(string By, string Reason, DateTimeOffset At);

/// <summary>The state that GitHub's workflows were last brought into, so that whoever changes phase or flags, here, in the portal or by the guard, the next minute brings them along.</summary>
/// <param name="FailedTries">How often in a row not all of them could be switched; 0 when they stand as wanted.</param>
public sealed record WorkflowMark(WorkflowMode Mode, int FailedTries = 0);
