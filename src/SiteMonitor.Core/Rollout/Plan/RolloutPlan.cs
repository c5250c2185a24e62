using System.Text.Json.Serialization;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The rollout's plan, which a team edits; its schema is <c>docs/rollout-plan.schema.json</c>.</summary>
public sealed record RolloutPlan
{
    public const int CurrentVersion = 1;

    /// <summary>Where editors find the schema.</summary>
    [JsonPropertyName("$schema")]
    public string? SchemaLocation { get; init; }

    public int Version { get; init; } = CurrentVersion;

    /// <summary>In order; the first has the unified pipeline off, the last has no gate.</summary>
    public required IReadOnlyList<PhasePlan> Phases { get; init; }

    public GuardPlan Guard { get; init; } = new();

    /// <summary>Minimum baseline, in seconds. Legacy runs call no model, so their mean alone would be too low.</summary>
    public double BaselineFloorSeconds { get; init; } = 15;

    /// <summary>What issues may cost.</summary>
    public UsageLimits Limits { get; init; } = new();

    /// <summary>Who receives which announcements.</summary>
    public IReadOnlyList<Contact> Contacts { get; init; } = [];

    public IncidentPlan Incidents { get; init; } = new();

    public WorkflowPlan Workflows { get; init; } = new();

    /// <summary>The test issues that <c>rollout beta-issues</c> opens.</summary>
    public IReadOnlyList<BetaIssue> BetaIssues { get; init; } = [];

    /// <summary>Benefits for the teams, listed in the announcement before the launch.</summary>
    public IReadOnlyList<string> Benefits { get; init; } = [];

    /// <summary>Weeks the rollout is planned to take, for the report.</summary>
    public int PlannedWeeks { get; init; } = 8;

    /// <summary>The migration guide that a call of an old command refers to.</summary>
    public string MigrationGuide { get; init; } = "docs/migration.md";

    /// <summary>When the old commands are removed, as shown in their deprecation warning: <c>version 2.0</c>.</summary>
    [JsonPropertyName("oldCommandsGo")]
    public string OldCommandRemovalVersion { get; init; } = "version 2.0";

    public PhasePlan? Find(string phase) => Phases.FirstOrDefault(p => p.Name == phase);

    /// <summary>The phase after this one; null after the last.</summary>
    public PhasePlan? After(string phase) => Phases.SkipWhile(p => p.Name != phase).Skip(1).FirstOrDefault();

    /// <summary>The phase before this one; null before the first.</summary>
    public PhasePlan? Before(string phase) => Phases.TakeWhile(p => p.Name != phase).LastOrDefault();
}

/// <summary>A test issue of the soft launch.</summary>
/// <param name="Expected">The outcome its run is to have.</param>
public sealed record BetaIssue(string Title, string Body = "", BetaOutcome Expected = BetaOutcome.Succeeded);

/// <summary>The outcomes a test issue may be expected to have.</summary>
public enum BetaOutcome
{
    Succeeded,

    /// <summary>It is not clear enough, so a person has to decide.</summary>
    Waiting,
}

/// <summary>A receiver of announcements. A channel's address is a secret, in <c>Announcements:Channels:{channel}</c>.</summary>
/// <param name="Channels">Names of configured channels: <c>slack</c>, <c>teams</c>, <c>status-page</c>, <c>issue</c>.</param>
/// <param name="Topics">Topics of announcements; <c>*</c> for all.</param>
/// <param name="Escalation">The place in the escalation of incidents, 1 first; null: not part of it.</param>
public sealed record Contact(string Name, IReadOnlyList<string> Channels, IReadOnlyList<string> Topics, int? Escalation = null);

/// <summary>How incidents are followed up.</summary>
/// <param name="AcknowledgeWithinMinutes">Minutes until the next contact is told about one that nobody has acknowledged.</param>
/// <param name="RemindEveryMinutes">Minutes between reminders until it is resolved.</param>
public sealed record IncidentPlan(int AcknowledgeWithinMinutes = 15, int RemindEveryMinutes = 30);

/// <summary>The GitHub workflows the rollout switches, by file name.</summary>
public sealed record WorkflowPlan
{
    public IReadOnlyList<string> Old { get; init; } = [];

    public IReadOnlyList<string> New { get; init; } = [];
}
