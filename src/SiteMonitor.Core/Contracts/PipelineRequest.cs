namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST pipeline/issues/{owner}/{repo}/{number}</c>; every member is optional.</summary>
public sealed record PipelineRequest
{
    /// <summary>One of <see cref="StageNames.Known"/>.</summary>
    public string Stage { get; init; } = StageNames.Auto;

    /// <summary>Shows each write that would happen and makes none.</summary>
    public bool DryRun { get; init; }

    /// <summary>One of <see cref="PriorityNames.Known"/>.</summary>
    public string Priority { get; init; } = PriorityNames.Normal;
}
