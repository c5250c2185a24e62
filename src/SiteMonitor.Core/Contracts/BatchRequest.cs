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

/// <summary>Answer to a batch: what became of each candidate, urgent ones first.</summary>
public sealed record BatchResponse
{
    /// <summary>Issues started by this batch.</summary>
    public required int Started { get; init; }

    public required IReadOnlyList<BatchEntry> Issues { get; init; }

    /// <summary>Repositories that could not be listed, each with the reason.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>One candidate of a batch.</summary>
public sealed record BatchEntry
{
    public const string StartedResult = "started";
    public const string RunningResult = "running";
    public const string PlannedResult = "planned";

    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary><c>started</c>, <c>running</c> (a run was on already) or <c>planned</c> (dry run).</summary>
    public required string Result { get; init; }

    /// <summary>The plan of a dry run, when it was ready in time.</summary>
    public DryRunPlan? Plan { get; init; }
}
