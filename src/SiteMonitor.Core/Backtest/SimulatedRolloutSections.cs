using System.Globalization;

namespace SiteMonitor.Core.Backtest;

/// <summary>Writes the simulated rollout as sections of the report.</summary>
internal static class SimulatedRolloutSections
{
    private const int MaxSignals = 10;

    private const string Assumptions =
        "The rollout as if begun with the first issue. Assumed: people confirm at once whatever needs confirmation, "
        + "the beta issues run as expected, an operator looks once a day and advances when the gate is met, nobody calls an old command, "
        + "and the cause of a rollback is fixed at once, after which the phase's evidence begins anew.";

    public static IReadOnlyList<BacktestSection> Create(BacktestReport report) => report.Replay is { } rollout
        ? [CreatePhases(rollout), CreateGates(rollout), CreateSignals(rollout), CreateDetection(rollout)]
        : [];

    private static BacktestSection CreatePhases(SimulatedRollout rollout) => new(
        "Simulated rollout at the original arrival times",
        [
            Assumptions,
            rollout.Days is { } days
                ? Text($"The rollout would take {days:0.#} days.")
                : $"The rollout would not finish: the gate of {rollout.Phases.First(p => p.MetAt is null).Phase} is not met.",
            .. rollout.Repetitions > 0
                ? [Text($"It takes longer than the issues cover, so their arrivals were repeated {rollout.Repetitions} times.")]
                : Array.Empty<string>(),
        ],
        ["Phase", "Begins", "Gate met after", "Issues", "Unified runs", "Unmet criteria on the last day before"],
        [
            .. rollout.Phases.Select(p => new[]
            {
                p.Phase,
                Time(p.From),
                p.MetAt is { } met ? Text($"{(met - p.From).TotalDays:0.#} days") : "not met",
                Text($"{p.Issues}"),
                Text($"{p.UnifiedRuns}"),
                string.Join(", ", p.HeldBy),
            }),
        ]);

    private static BacktestSection CreateGates(SimulatedRollout rollout) => new(
        "What each gate would have said",
        ["Measured criteria, at the end of each phase."],
        ["Phase", "Criterion", "Value", "Target", "Met"],
        [
            .. from phase in rollout.Phases
               from criterion in phase.Gate
               where !criterion.NeedsConfirmation
               select new[] { phase.Phase, criterion.Title, criterion.Value, criterion.Target, criterion.Sign },
        ]);

    private static BacktestSection CreateSignals(SimulatedRollout rollout) => new(
        "When the guard would have fired",
        rollout.Signals.Count > MaxSignals ? [Text($"The first {MaxSignals} of {rollout.Signals.Count}; --format json has all.")] : [],
        ["When", "Phase", "Issue", "Signal", "Then", "Figures"],
        [
            .. rollout.Signals.Take(MaxSignals).Select(s => new[]
            {
                Time(s.At), s.Phase, Text($"#{s.Number}"), s.Signal, s.RollsBack ? "rollback" : "incident", s.Message,
            }),
        ]);

    private static BacktestSection CreateDetection(SimulatedRollout rollout) => new(
        "How soon the guard would notice a failing pipeline",
        ["If every issue used the unified pipeline from the first one on."],
        ["Runs that fail", "Noticed by run", "After"],
        [
            .. rollout.Detection.Select(d => new[]
            {
                Text($"{d.FailingPercent} %"),
                d.Runs is { } runs ? Text($"{runs}") : "not reliably",
                d.Hours is { } hours ? hours < 48 ? Text($"{hours:0.#} hours") : Text($"{hours / 24:0.#} days") : "after the last issue",
            }),
        ]);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
