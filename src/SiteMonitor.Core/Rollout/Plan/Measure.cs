namespace SiteMonitor.Core.Rollout.Plan;

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
