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

/// <summary>Answer to an old command that was done: 202, or 200 for the dry run of one issue whose plan is there already. A removed command is answered 410.</summary>
public sealed record CommandResponse
{
    public required string Command { get; init; }

    /// <summary>How the command stands: <c>available</c>, <c>deprecated</c> or <c>redirected</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>What to write instead, with the arguments that were given.</summary>
    public required string Replacement { get; init; }

    /// <summary>For people: what to use instead, when the command goes, the migration guide; empty while it is available.</summary>
    public string Notice { get; init; } = string.Empty;

    /// <summary>Set for one issue.</summary>
    public StartResponse? Start { get; init; }

    /// <summary>Set for a batch.</summary>
    public BatchResponse? Batch { get; init; }
}
