namespace SiteMonitor.Core.Contracts;

/// <summary>What a run would do now.</summary>
public sealed record DryRunPlan
{
    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>How the run would end: an outcome of the ledger, in lower case.</summary>
    public required string Outcome { get; init; }

    public string ReasonCode { get; init; } = string.Empty;

    public string Reason { get; init; } = string.Empty;

    /// <summary><c>unified</c> or <c>legacy</c>; empty when the run ended before the flags were asked.</summary>
    public string Route { get; init; } = string.Empty;

    public string RouteReason { get; init; } = string.Empty;

    /// <summary>In order; each is one request to GitHub.</summary>
    public IReadOnlyList<PlannedWrite> Writes { get; init; } = [];
}

/// <summary>One write a dry run did not make. Holds none of the issue's text.</summary>
public sealed record PlannedWrite
{
    /// <summary>The step that would make it, for example <c>Prepare</c>.</summary>
    public required string Step { get; init; }

    public IReadOnlyList<string> AddLabels { get; init; } = [];

    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    /// <summary>What would happen to the body, for people; null when it would stay as it is.</summary>
    public string? Body { get; init; }

    /// <summary>The comment that would be written, shortened; null when there is none.</summary>
    public string? Comment { get; init; }

    public bool AssignsCopilot { get; init; }

    public bool Closes { get; init; }
}
