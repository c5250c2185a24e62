using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Marks the phase as rolled back: it stays, but other flags apply until <c>resume</c>.</summary>
/// <param name="Stages">The stages that are off, for a partial rollback.</param>
/// <param name="Overlay">Settings that replace the phase's.</param>
public sealed record RollbackState(
    RollbackKind Kind, IReadOnlyList<Stage> Stages, IReadOnlyList<FlagTarget> Overlay,
    string By, string Reason, DateTimeOffset At, string? IncidentId)
{
    public string Title =>
        Kind == RollbackKind.Full ? "full rollback" : $"partial rollback ({string.Join(", ", Stages).ToLowerInvariant()})";
}

public enum RollbackKind
{
    /// <summary>The unified pipeline is off.</summary>
    Full,

    /// <summary>Only a stage is off, with its fallback on.</summary>
    Partial,
}
