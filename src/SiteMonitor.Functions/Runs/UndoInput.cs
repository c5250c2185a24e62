using Microsoft.DurableTask;
using SiteMonitor.Core.Undo;

namespace SiteMonitor.Functions.Runs;

/// <summary>The input of the orchestration that takes back what the unified pipeline wrote.</summary>
public sealed record UndoInput
{
    public const string Orchestrator = "RolloutUndo";

    /// <summary>The beginning of the ids of its instances.</summary>
    public const string InstancePrefix = "undo:";

    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Unique to the request; the instance id without its prefix.</summary>
    public required string Id { get; init; }

    public required string Operator { get; init; }

    public string Reason { get; init; } = string.Empty;

    public bool DryRun { get; init; }

    /// <summary>Runs that ended since then are taken back (UTC).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>analysis, preparation, or empty for both.</summary>
    public string Stage { get; init; } = string.Empty;

    /// <summary>Canonical <c>owner/name#12</c>; empty for all issues.</summary>
    public string Issue { get; init; } = string.Empty;

    internal static UndoInput Read(TaskOrchestrationContext context) => context.ReadInput<UndoInput>(i => i.Version, CurrentVersion);
}

/// <summary>The output of the orchestration.</summary>
/// <param name="More">Whether there are more issues than one undo takes.</param>
/// <param name="GitHubCalls">GitHub requests that it made.</param>
public sealed record RolloutUndoResult(IReadOnlyList<UndoneIssue> Issues, bool More, int GitHubCalls);
