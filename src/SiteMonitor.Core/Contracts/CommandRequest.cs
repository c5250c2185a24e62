namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST commands/{old-command}</c>; every member is optional.</summary>
public sealed record CommandRequest
{
    /// <summary><c>owner/name</c>; without it, every configured repository, or with <see cref="Issue"/> the only one.</summary>
    public string? Repository { get; init; }

    /// <summary>One issue's number; without it, a batch.</summary>
    public int? Issue { get; init; }

    /// <summary>Maximum number of issues of a batch to start, 1 to <see cref="BatchRequest.MaxSize"/>.</summary>
    public int BatchSize { get; set; } = BatchRequest.DefaultSize;

    /// <summary>Whether to describe the writes without making them.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who calls, for the record of the command's use; without it, the request's <c>User-Agent</c> is recorded.</summary>
    public string Operator { get; set; } = string.Empty;
}

/// <summary>Response to an old command: 202, or 200 for the dry run of one issue whose plan is ready. A removed command gets 410.</summary>
public sealed record CommandResponse
{
    public required string Command { get; init; }

    /// <summary>The command's mode: <c>available</c>, <c>deprecated</c> or <c>redirected</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The command to use instead, with the arguments that were given.</summary>
    public required string Replacement { get; init; }

    /// <summary>What to use instead, when the command is removed, and the migration guide; empty while it is available.</summary>
    public string Notice { get; set; } = string.Empty;

    /// <summary>The start of one issue; null for a batch.</summary>
    public StartResponse? Start { get; init; }

    /// <summary>The start of a batch; null for one issue.</summary>
    public BatchResponse? Batch { get; init; }
}
