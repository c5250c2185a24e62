namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST pipeline/issues/{owner}/{repo}/{number}</c>; every member is optional.</summary>
public sealed record PipelineRequest
{
    /// <summary>One of <c>auto</c>, <c>analysis</c>, <c>preparation</c>, <c>all</c>.</summary>
    public string Stage { get; init; } = "auto";

    /// <summary>Shows each write that would happen and makes none.</summary>
    public bool DryRun { get; init; }

    /// <summary>One of <see cref="PriorityNames.Known"/>.</summary>
    public string Priority { get; init; } = PriorityNames.Normal;
}

/// <summary>What a caller may ask for as priority.</summary>
public static class PriorityNames
{
    /// <summary>Issues labelled <c>urgent</c> come first.</summary>
    public const string Normal = "normal";

    /// <summary>A batch takes only issues labelled <c>urgent</c>.</summary>
    public const string Urgent = "urgent";

    public static IReadOnlyList<string> Known { get; } = [Normal, Urgent];
}

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
