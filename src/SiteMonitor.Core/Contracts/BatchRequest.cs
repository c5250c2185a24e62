namespace SiteMonitor.Core.Contracts;

/// <summary>Body of <c>POST pipeline/batch</c>; every member is optional.</summary>
public sealed record BatchRequest
{
    public const int DefaultSize = 10;
    public const int MaxSize = 500;

    /// <summary><c>owner/name</c>; without it, every configured repository.</summary>
    public string? Repository { get; init; }

    /// <summary>One of <c>auto</c>, <c>analysis</c>, <c>preparation</c>, <c>all</c>.</summary>
    public string Stage { get; set; } = "auto";

    /// <summary>Maximum number of issues to start, 1 to <see cref="MaxSize"/>.</summary>
    public int BatchSize { get; set; } = DefaultSize;

    /// <summary>One of <see cref="PriorityNames.Known"/>.</summary>
    public string Priority { get; set; } = PriorityNames.Normal;

    /// <summary>Whether to describe the writes without making them.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Response to a batch: the result for each issue, urgent ones first.</summary>
public sealed record BatchResponse
{
    /// <summary>Issues started by this batch.</summary>
    public required int Started { get; init; }

    public required IReadOnlyList<BatchEntry> Issues { get; init; }

    /// <summary>Repositories that could not be listed, each with the reason.</summary>
    public IReadOnlyList<string> Problems { get; set; } = [];

    /// <summary>Issues of the backlog that the phase's intake leaves for another day.</summary>
    public int Deferred { get; init; }
}

/// <summary>The result of a batch for one issue.</summary>
public sealed record BatchEntry
{
    public const string StartedResult = "started";
    public const string RunningResult = "running";
    public const string PlannedResult = "planned";

    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary><c>started</c>, <c>running</c> (a run was active already) or <c>planned</c> (dry run).</summary>
    public required string Result { get; init; }

    /// <summary>The plan of a dry run, when it was ready in time.</summary>
    public DryRunPlan? Plan { get; init; }
}
