using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>
/// The part of a ledger record that figures, gates and guard are computed from. It is small enough to keep for every record of a ledger,
/// so that no figure needs the records themselves.
/// </summary>
public interface IRunFacts
{
    RunKind Kind { get; }

    string RunId { get; }

    string Issue { get; }

    string RequestedStage { get; }

    IReadOnlyList<StageRecord> Stages { get; }

    Logic? Route { get; }

    string Phase { get; }

    RunOutcome Outcome { get; }

    string ReasonCode { get; }

    string Reason { get; }

    IReadOnlyList<string> Specialists { get; }

    string ContentType { get; }

    bool ManualIntervention { get; }

    Usage Usage { get; }

    long DurationMs { get; }

    DateTimeOffset Started { get; }

    DateTimeOffset Ended { get; }

    /// <summary>Whether a stage ran the unified logic, or none ran at all.</summary>
    bool RanUnified { get; }

    /// <summary>Whether the issue was in a legal state before and after; null when the labels are unknown (version 1).</summary>
    bool? IsTransitionValid { get; }
}
