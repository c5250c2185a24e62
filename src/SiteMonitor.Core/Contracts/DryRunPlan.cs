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
