namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>One condition of a gate: measured (<see cref="Measure"/>), or confirmed by a person (<see cref="Confirm"/>).</summary>
public sealed record Criterion
{
    /// <summary>Lower case with hyphens, unique within the gate; what <c>rollout confirm</c> names.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public Measure? Measure { get; init; }

    public Bound Is { get; init; } = Bound.AtMost;

    /// <summary>Shares as 0 to 1, durations in seconds.</summary>
    public double Target { get; init; }

    /// <summary>Below this many samples (runs, compared issues) the criterion stays open. Not having data is never a pass.</summary>
    public int MinimumSample { get; init; } = 1;

    /// <summary>Days the measure looks back, where it does.</summary>
    public int Days { get; init; } = 7;

    /// <summary>What a person has to judge; set instead of a measure.</summary>
    public string? Confirm { get; init; }
}

public enum Bound
{
    AtMost,
    Below,
    AtLeast,
    Above,
}

/// <summary>What a gate can measure; all of it from the ledger, the comparisons and the incidents since the phase's evidence began.</summary>
public enum Measure
{
    /// <summary>Counted back from the newest: distinct issues whose latest unified run succeeded.</summary>
    LatestIssuesSucceeded,

    /// <summary>Share of unified runs that left the issue in a legal state with its text, 0 to 1.</summary>
    TransitionsRight,

    /// <summary>Mean duration of unified runs, seconds.</summary>
    MeanDuration,

    /// <summary>Mean duration of unified runs over the baseline.</summary>
    DurationOverBaseline,

    /// <summary>p95 of the last 24 hours over that of the 24 hours before.</summary>
    P95OverDayBefore,

    /// <summary>Runs in which a person changed a workflow label while the run was on.</summary>
    ManualInterventions,

    /// <summary>(failed + critical) / all but skipped, 0 to 1; those that failed before the routing decision are counted too.</summary>
    ErrorRate,

    /// <summary>Failed and critical runs, those before the routing decision too.</summary>
    Errors,

    /// <summary>Succeeded and waiting / all but skipped, 0 to 1.</summary>
    SuccessRate,

    /// <summary>Issues that went through the unified pipeline, of all that were worked on within the criterion's days, 0 to 1.</summary>
    UnifiedShare,

    /// <summary>Runs that lost or corrupted an issue's text.</summary>
    TextLost,

    /// <summary>Issues both sides decided on; those that legacy leaves unmatched are not counted.</summary>
    ComparedIssues,

    /// <summary>1 − unexplained / compared, 0 to 1.</summary>
    Consistency,

    /// <summary>Incidents not resolved.</summary>
    OpenIncidents,

    /// <summary>Incidents opened since the evidence began.</summary>
    Incidents,

    /// <summary>Days since the evidence began, or since the flags were applied again after a rollback.</summary>
    SoakDays,

    /// <summary>Calls of old commands within the criterion's days; open until so many days have been watched.</summary>
    OldCommandCalls,
}
