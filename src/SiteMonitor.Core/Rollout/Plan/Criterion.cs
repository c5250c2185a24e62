namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>
/// One condition of a gate: measured (<see cref="Measure"/>), confirmed by a person (<see cref="Confirm"/>), or with both,
/// confirmed by a person where the measure is not met.
/// </summary>
public sealed record Criterion
{
    /// <summary>Lower case with hyphens, unique within the gate; what <c>rollout confirm</c> names.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public Measure? Measure { get; init; }

    public Bound Is { get; init; } = Bound.AtMost;

    /// <summary>Shares as 0 to 1, durations in seconds.</summary>
    public double Target { get; init; }

    /// <summary>With fewer samples (runs, compared issues) the criterion stays open. Missing data never passes.</summary>
    public int MinimumSample { get; init; } = 1;

    /// <summary>
    /// Counts the last so many runs only; while there are fewer, the last <see cref="MinimumSample"/>. 0: all runs since the evidence
    /// began.
    /// </summary>
    public int Runs { get; init; }

    /// <summary>Days the measure covers, for measures over days.</summary>
    public int Days { get; init; } = 7;

    /// <summary>What a person has to judge.</summary>
    public string? Confirm { get; init; }
}

public enum Bound
{
    AtMost,
    Below,
    AtLeast,
    Above,
}

/// <summary>What a gate can measure, from ledger, comparisons and incidents since the phase's evidence began.</summary>
public enum Measure
{
    /// <summary>Counted back from the newest: distinct issues whose latest unified run succeeded.</summary>
    LatestIssuesSucceeded,

    /// <summary>Beta issues whose latest run had the outcome that the plan expects.</summary>
    BetaIssuesAsExpected,

    /// <summary>Share of unified runs that left the issue in a legal state with its text, 0 to 1.</summary>
    TransitionsRight,

    /// <summary>Mean duration of unified runs, seconds.</summary>
    MeanDuration,

    /// <summary>Mean duration of unified runs over the baseline.</summary>
    DurationOverBaseline,

    /// <summary>p95 of the last unified runs over that of as many before the phase began.</summary>
    P95OverRunsBefore,

    /// <summary>Runs in which a person changed a workflow label meanwhile.</summary>
    ManualInterventions,

    /// <summary>(failed + critical) / runs with a result, 0 to 1; those that failed before the routing decision are counted too.</summary>
    ErrorRate,

    /// <summary>Failed and critical runs, those before the routing decision too.</summary>
    Errors,

    /// <summary>Runs that did their work / unified runs with a result, 0 to 1.</summary>
    SuccessRate,

    /// <summary>Issues whose specialist and pull request people kept, of those that the unified pipeline assigned, 0 to 1.</summary>
    RightChoice,

    /// <summary>Issues that went through the unified pipeline, of the last issues worked on, 0 to 1.</summary>
    UnifiedShare,

    /// <summary>Runs that lost or corrupted an issue's text.</summary>
    TextLost,

    /// <summary>Issues both sides decided on; those that legacy leaves unmatched are not counted.</summary>
    ComparedIssues,

    /// <summary>1 − unexplained / compared, 0 to 1.</summary>
    Consistency,

    /// <summary>Compared issues for which the legacy logic chose a specialist.</summary>
    LegacyChoices,

    /// <summary>Incidents not resolved.</summary>
    OpenIncidents,

    /// <summary>Incidents opened since the evidence began, without those that issues' authors can cause.</summary>
    Incidents,

    /// <summary>Days since the evidence began, or since the flags were applied again after a rollback.</summary>
    SoakDays,

    /// <summary>Calls of old commands within the criterion's days; open until so many days have passed.</summary>
    OldCommandCalls,
}
