namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The topics of announcements.</summary>
public static class Topics
{
    public const string RolloutAnnounced = "rollout-announced";
    public const string PhaseEntered = "phase-entered";
    public const string GateFailed = "gate-failed";
    public const string GateMet = "gate-met";
    public const string DiscrepancyFound = "discrepancy-found";
    public const string RollbackDone = "rollback-done";
    public const string IncidentOpened = "incident-opened";
    public const string IncidentUpdated = "incident-updated";
    public const string IncidentResolved = "incident-resolved";
    public const string DailyUpdate = "daily-update";
    public const string WeeklySummary = "weekly-summary";
    public const string MigrationComplete = "migration-complete";

    /// <summary>A flag or phase changed, or was found changed.</summary>
    public const string RolloutChanged = "rollout-changed";

    public static IReadOnlyList<string> All { get; } =
    [
        RolloutAnnounced, PhaseEntered, GateFailed, GateMet, DiscrepancyFound, RollbackDone, IncidentOpened, IncidentUpdated,
        IncidentResolved, DailyUpdate, WeeklySummary, MigrationComplete, RolloutChanged,
    ];
}
