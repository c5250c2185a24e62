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
