using SiteMonitor.Core.Rollout.Gates;

namespace SiteMonitor.Core.Backtest;

/// <summary>
/// The rollout as it would have gone if it had begun with the first issue of a backtest: when each gate would have been met, and when the
/// guard would have fired. Gates and guard are those of production; the runs are made from the backtest's rows.
/// </summary>
/// <param name="Phases">Each phase with a gate, in order, up to the first whose gate is not met in time.</param>
/// <param name="Signals">The guard's signals that fired, in order.</param>
/// <param name="Detection">How soon the guard would notice a failing pipeline.</param>
/// <param name="Repetitions">
/// How many times the arrivals were repeated, because the rollout takes longer than the issues cover; 0 when they sufficed.
/// </param>
public sealed record SimulatedRollout(
    IReadOnlyList<SimulatedPhase> Phases,
    IReadOnlyList<SimulatedSignal> Signals,
    IReadOnlyList<SimulatedDetection> Detection,
    int Repetitions)
{
    /// <summary>Days from the first issue until the last gate is met; null when one is not met in time.</summary>
    public double? Days => Phases.All(p => p.MetAt is not null) ? (Phases[^1].MetAt!.Value - Phases[0].From).TotalDays : null;
}

/// <summary>A phase of the simulated rollout.</summary>
/// <param name="Phase">The phase's name in the plan.</param>
/// <param name="From">When it would have begun.</param>
/// <param name="MetAt">When its gate would have been met; null when not in time.</param>
/// <param name="Issues">Issues that arrived in it.</param>
/// <param name="UnifiedRuns">Those that would have gone through the unified pipeline.</param>
/// <param name="Gate">The gate's criteria at its end.</param>
/// <param name="HeldBy">The criteria that were not met on the last day before; empty when the gate was met at once.</param>
public sealed record SimulatedPhase(
    string Phase,
    DateTimeOffset From,
    DateTimeOffset? MetAt,
    int Issues,
    int UnifiedRuns,
    IReadOnlyList<CriterionResult> Gate,
    IReadOnlyList<string> HeldBy);

/// <summary>A signal of the guard that fired.</summary>
/// <param name="At">When it would have fired.</param>
/// <param name="Number">The issue whose run made it fire.</param>
/// <param name="Signal">One of <see cref="Rollout.Guard.GuardSignals"/>.</param>
/// <param name="RollsBack">False when it only opens an incident.</param>
/// <param name="Message">Its figures, as display text.</param>
public sealed record SimulatedSignal(DateTimeOffset At, string Phase, int Number, string Signal, bool RollsBack, string Message);

/// <summary>How soon the guard notices when a share of the runs fails, with every issue on the unified pipeline.</summary>
/// <param name="Runs">Median number of runs; null when it would hardly fire.</param>
/// <param name="Hours">From the first issue to the one with that number; null when the issues do not suffice.</param>
public sealed record SimulatedDetection(int FailingPercent, int? Runs, double? Hours);
