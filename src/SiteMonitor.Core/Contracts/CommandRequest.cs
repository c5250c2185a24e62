namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST commands/{old-command}</c>; every member is optional.</summary>
public sealed record CommandRequest
{
    /// <summary><c>owner/name</c>; without it, every configured repository, or with <see cref="Issue"/> the only one.</summary>
    public string? Repository { get; init; }

    /// <summary>One issue's number; without it, a batch.</summary>
    public int? Issue { get; init; }

    /// <summary>At most this many issues of a batch are started, 1 to <see cref="BatchRequest.MaxSize"/>.</summary>
    public int BatchSize { get; init; } = BatchRequest.DefaultSize;

    /// <summary>Shows each write that would happen and makes none.</summary>
    public bool DryRun { get; init; }
}
