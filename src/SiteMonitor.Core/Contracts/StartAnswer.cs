namespace SiteMonitor.Core.Contracts;

/// <summary>Answer to a start: 202, or 200 for a dry run whose plan is there already.</summary>
public sealed record StartResponse
{
    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>False when a run with the same parameters was on already: its outcome is this caller's too.</summary>
    public required bool Started { get; init; }

    /// <summary>For people.</summary>
    public required string Detail { get; init; }

    /// <summary>Where to ask how it goes, relative to the application.</summary>
    public required string StatusPath { get; init; }

    /// <summary>The plan of a dry run; null while it is being made, and for real runs.</summary>
    public DryRunPlan? Plan { get; init; }
}
