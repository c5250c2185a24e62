namespace SiteMonitor.Core.Contracts;

/// <summary>One candidate of a batch.</summary>
public sealed record BatchEntry
{
    public const string StartedResult = "started";
    public const string RunningResult = "running";
    public const string PlannedResult = "planned";

    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary><c>started</c>, <c>running</c> (a run was on already) or <c>planned</c> (dry run).</summary>
    public required string Result { get; init; }

    /// <summary>The plan of a dry run, when it was ready in time.</summary>
    public DryRunPlan? Plan { get; init; }
}
