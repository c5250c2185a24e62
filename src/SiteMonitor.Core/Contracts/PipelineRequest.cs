namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST pipeline/issues/{owner}/{repo}/{number}</c>; every member is optional.</summary>
public sealed record PipelineRequest
{
    /// <summary>One of <c>auto</c>, <c>analysis</c>, <c>preparation</c>, <c>all</c>.</summary>
    public string Stage { get; set; } = "auto";

    /// <summary>Whether to describe the writes without making them.</summary>
    public bool DryRun { get; init; }

    /// <summary>One of <see cref="PriorityNames.Known"/>.</summary>
    public string Priority { get; set; } = PriorityNames.Normal;
}

/// <summary>The priorities that a caller can ask for.</summary>
public static class PriorityNames
{
    /// <summary>Issues labelled <c>urgent</c> come first.</summary>
    public const string Normal = "normal";

    /// <summary>A batch takes only issues labelled <c>urgent</c>.</summary>
    public const string Urgent = "urgent";

    public static IReadOnlyList<string> Known { get; } = [Normal, Urgent];
}

/// <summary>Response to a start: 202, or 200 for a dry run whose plan is ready.</summary>
public sealed record StartResponse
{
    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Whether this request started the run; false when one with the same parameters was active already.</summary>
    public required bool Started { get; init; }

    /// <summary>Explanation as display text.</summary>
    public required string Detail { get; init; }

    /// <summary>Path of the run's status, relative to the application.</summary>
    public required string StatusPath { get; init; }

    /// <summary>The plan of a dry run; null while it is being made, and for real runs.</summary>
    public DryRunPlan? Plan { get; init; }
}
