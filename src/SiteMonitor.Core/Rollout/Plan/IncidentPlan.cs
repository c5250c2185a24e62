namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>How incidents are followed up.</summary>
public sealed record IncidentPlan
{
    /// <summary>Minutes until the next contact is told about one that nobody has acknowledged.</summary>
    public int AcknowledgeWithinMinutes { get; init; } = 15;

    /// <summary>Minutes between reminders until it is resolved.</summary>
    public int RemindEveryMinutes { get; init; } = 30;
}
