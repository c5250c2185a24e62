using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Rollout.Statistics;

namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>What a gate is judged by, read at one moment.</summary>
public sealed record Evidence
{
    public required DateTimeOffset At { get; init; }

    public required RolloutState State { get; init; }

    /// <summary>Runs of this phase since the evidence began, of either logic, and those that failed before the flags were asked; oldest first.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>Of these, the ones that the new logic had a part in.</summary>
    public required IReadOnlyList<RunRecord> Unified { get; init; }

    public required Baseline Baseline { get; init; }

    /// <summary>Comparisons since the evidence began.</summary>
    public required ConsistencyReport Comparisons { get; init; }

    /// <summary>Calls of old commands, oldest first, over the longest look back of a criterion.</summary>
    public required IReadOnlyList<DateTimeOffset> OldCommandCalls { get; init; }
}
