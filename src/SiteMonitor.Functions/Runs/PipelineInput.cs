using System.Text.Json.Serialization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Runs;

/// <summary>What a run of <see cref="IssuePipeline"/> is started with. What is to be done comes from the issue's state, never from here.</summary>
public sealed record PipelineInput
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>auto, analysis, preparation or all.</summary>
    public string Stage { get; init; } = "auto";

    /// <summary>One of <see cref="TriggerNames"/>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Unique to the start: GitHub's delivery id, or one made up for the request.</summary>
    public required string RequestId { get; init; }

    public string Priority { get; init; } = PriorityNames.Normal;

    /// <summary>Plan every write, make none.</summary>
    public bool DryRun { get; init; }

    /// <summary>The old command that asks for the legacy logic, whatever the flags say; empty: the flags decide.</summary>
    [JsonPropertyName("LegacyFor")] public string LegacyCommand { get; init; } = string.Empty;

    /// <summary>How often the kill switch has sent this run back to its beginning.</summary>
    public int Reroutes { get; init; }

    /// <summary>Whether a run with <paramref name="other"/> would do the same.</summary>
    public bool HasSameParametersAs(PipelineInput other) =>
        Stage == other.Stage && Priority == other.Priority && DryRun == other.DryRun && LegacyCommand == other.LegacyCommand;
}

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
