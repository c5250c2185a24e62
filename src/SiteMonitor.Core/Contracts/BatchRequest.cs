namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST pipeline/batch</c>; every member is optional.</summary>
public sealed record BatchRequest
{
    public const int DefaultSize = 10;
    public const int MaxSize = 500;

    /// <summary><c>owner/name</c>; without it, every configured repository.</summary>
    public string? Repository { get; init; }

    /// <summary>One of <c>auto</c>, <c>analysis</c>, <c>preparation</c>, <c>all</c>.</summary>
    public string Stage { get; init; } = "auto";

    /// <summary>At most this many issues are started, 1 to <see cref="MaxSize"/>.</summary>
    public int BatchSize { get; init; } = DefaultSize;

    /// <summary>One of <see cref="PriorityNames.Known"/>.</summary>
    public string Priority { get; init; } = PriorityNames.Normal;

    /// <summary>Shows each write that would happen and makes none.</summary>
    public bool DryRun { get; init; }
}
