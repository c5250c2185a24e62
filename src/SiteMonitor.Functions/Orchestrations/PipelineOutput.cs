using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>How a run ended; the ledger's record says it in full.</summary>
public sealed record PipelineResult
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Empty for a dry run, which is not in the ledger.</summary>
    public required string RunId { get; init; }

    /// <summary>An outcome of the ledger, in lower case.</summary>
    public required string Outcome { get; init; }

    public string ReasonCode { get; init; } = string.Empty;

    public string Reason { get; init; } = string.Empty;

    /// <summary>Set for a dry run.</summary>
    public DryRunPlan? Plan { get; init; }
}
