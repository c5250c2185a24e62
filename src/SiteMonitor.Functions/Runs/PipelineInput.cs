using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Runs;

/// <summary>
/// The input of the orchestration that processes an issue. The stages to run are derived from the issue's state, not from the input.
/// </summary>
public sealed record PipelineInput
{
    public const string Orchestrator = "IssuePipeline";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>auto, analysis, preparation or all.</summary>
    public string Stage { get; init; } = StageNames.Auto;

    /// <summary>One of <see cref="TriggerNames"/>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Unique to the start: GitHub's delivery id, or one generated for the request.</summary>
    public required string RequestId { get; init; }

    public string Priority { get; init; } = PriorityNames.Normal;

    /// <summary>Plan every write, make none.</summary>
    public bool DryRun { get; init; }

    /// <summary>The old command that asks for the legacy logic, whatever the flags say. Empty: the flags decide.</summary>
    [JsonPropertyName("LegacyFor")]
    public string LegacyCommand { get; init; } = string.Empty;

    /// <summary>What the delivery that started the run showed; null when none did.</summary>
    public IssueObservation? Delivered { get; init; }

    /// <summary>Whether a batch took the issue from the backlog, so that it counts for the phase's intake.</summary>
    public bool FromBacklog { get; init; }

    /// <summary>How many times the kill switch has restarted this run.</summary>
    public int Reroutes { get; init; }

    /// <summary>Whether someone asked for this very issue, which exempts the run from the limits of its author.</summary>
    [JsonIgnore]
    public bool IsManual => Trigger is TriggerNames.Manual or TriggerNames.Command;

    /// <summary>Returns how soon the run's writes must be made.</summary>
    /// <param name="labels">Of the issue.</param>
    public WritePriority GetWritePriority(IEnumerable<string> labels) =>
        Priority == PriorityNames.Urgent || labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase)
            ? WritePriority.Urgent
            : Trigger is TriggerNames.Timer or TriggerNames.Batch ? WritePriority.Batch : WritePriority.Normal;

    /// <summary>Whether a run with <paramref name="other"/> would do the same.</summary>
    public bool HasSameParametersAs(PipelineInput other) =>
        IsManual == other.IsManual
        && Stage == other.Stage
        && Priority == other.Priority
        && DryRun == other.DryRun
        && LegacyCommand == other.LegacyCommand;

    internal static PipelineInput Read(
        TaskOrchestrationContext context) => context.ReadInput<PipelineInput>(i => i.Version, CurrentVersion);
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

    /// <summary>The issue as the run first read it; null when it could not.</summary>
    public IssueObservation? Seen { get; init; }
}

internal static class OrchestrationContextExtensions
{
    /// <summary>Reads the orchestration's input.</summary>
    /// <exception cref="InvalidOperationException">There is none, or a newer version of the application wrote it.</exception>
    public static T ReadInput<T>(this TaskOrchestrationContext context, Func<T, int> getVersion, int currentVersion)
        where T : class
    {
        T input = context.GetInput<T>()
            ?? throw new InvalidOperationException($"The orchestration {context.Name} was started without an input.");
        return getVersion(input) <= currentVersion
            ? input
            : throw new InvalidOperationException(
                $"A newer version of the application started this orchestration (input version {getVersion(input)}); " +
                    $"this version knows {currentVersion}.");
    }
}
