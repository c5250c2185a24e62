namespace SiteMonitor.Core.Contracts;

/// <summary>The writes that a run would make now.</summary>
public sealed record DryRunPlan
{
    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>The outcome that the run would have, in lower case.</summary>
    public required string Outcome { get; init; }

    public string ReasonCode { get; set; } = string.Empty;

    public string Reason { get; set; } = string.Empty;

    /// <summary><c>unified</c> or <c>legacy</c>; empty when the run ended before the flags were asked.</summary>
    public string Route { get; set; } = string.Empty;

    public string RouteReason { get; set; } = string.Empty;

    /// <summary>In order; each is one request to GitHub.</summary>
    public IReadOnlyList<PlannedWrite> Writes { get; set; } = [];
}

/// <summary>A write that a dry run did not make, without text of the issue.</summary>
public sealed record PlannedWrite
{
    /// <summary>The step that would make it, for example <c>Prepare</c>.</summary>
    public required string Step { get; init; }

    public IReadOnlyList<string> AddLabels { get; set; } = [];

    public IReadOnlyList<string> RemoveLabels { get; set; } = [];

    /// <summary>The change to the body, as display text; null when it would stay as it is.</summary>
    public string? Body { get; init; }

    /// <summary>The comment that would be written, shortened; null when there is none.</summary>
    public string? Comment { get; init; }

    public bool AssignsCopilot { get; init; }

    public bool Closes { get; init; }
}
