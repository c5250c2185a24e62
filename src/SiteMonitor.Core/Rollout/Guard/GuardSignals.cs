using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>What makes the guard roll back, or open an incident.</summary>
public static class GuardSignals
{
    public const string Errors = "errors";
    public const string Critical = "critical";
    public const string Unanswered = "unanswered";
    public const string Slow = "slow";

    /// <summary>More runs wait for a person than in the phase before; opens an incident.</summary>
    public const string HandOver = "hand-over";

    /// <summary>One case is enough: an issue's original text is missing or altered.</summary>
    public const string TextLost = "text-lost";

    /// <summary>Runs fail before the flags are read, so a rollback would not help; opens an incident.</summary>
    public const string Unrouted = "unrouted";

    /// <summary>The model refused several texts in a row, or answers other texts but not these; opens an incident.</summary>
    public const string Refused = "refused";

    /// <summary>The signals that are counted over runs, in the order they are reported.</summary>
    internal static IReadOnlyList<GuardSignal> Counted { get; } =
    [
        new(Errors, RollsBack: true, (plan, _) => plan.Errors, ForUnifiedRuns(RunStatistics.IsError), StageOfError),
        new(Critical, RollsBack: true, (plan, _) => plan.Critical, ForUnifiedRuns(r => r.Outcome == RunOutcome.Critical), (_, _) => null),
        new(Unanswered, RollsBack: true, (plan, _) => plan.Unanswered,
            ForUnifiedRuns(
                RunStatistics.IsUnanswered, r => RanAnalysis(r) && !RunStatistics.IsError(r) && !RunStatistics.IsRefusedByModel(r)),
            (_, _) => Stage.Analysis),
        new(Slow, RollsBack: true, (plan, _) => plan.Slow, IsSlow, StageOfDelay),
        new(HandOver, RollsBack: false, (plan, rate) => rate is { } before ? plan.HandOver.For(before) : null,
            ForUnifiedRuns(r => r.Outcome == RunOutcome.Waiting, r => r.Outcome != RunOutcome.Unmatched), (_, _) => null),
        new(Unrouted, RollsBack: false, (plan, _) => plan.Errors,
            (run, _) => run.Kind == RunKind.Run && RunStatistics.IsCounted(run) ? RunStatistics.IsUnrouted(run) : null, (_, _) => null),
    ];

    internal static bool RanAnalysis(IRunFacts run) => run.Stages.Any(s => s is { Stage: Stage.Analysis, Logic: Logic.Unified });

    /// <summary>Returns a function that judges only counted unified runs.</summary>
    /// <param name="isRelevant">Selects the runs that say something about the signal; null for all.</param>
    private static Func<IRunFacts, double, bool?> ForUnifiedRuns(Func<IRunFacts, bool> isBad, Func<IRunFacts, bool>? isRelevant = null) =>
        (run, _) => RunStatistics.IsUnified(run) && RunStatistics.IsCounted(run) && isRelevant?.Invoke(run) != false ? isBad(run) : null;

    private static bool? IsSlow(IRunFacts run, double limit) =>
        RunStatistics.IsUnified(run) && RunStatistics.HasDuration(run) && !RunStatistics.IsCausedByAuthor(run)
            ? run.DurationMs / 1000.0 > limit : null;

    private static Stage? StageOfError(IRunFacts run, double limit) =>
        run.Outcome == RunOutcome.Critical
            ? null
            : run.Stages.LastOrDefault(s => s is { Logic: Logic.Unified, Outcome: RunOutcome.Failed })?.Stage;

    /// <summary>The longest unified stage, when the run would be within the limit without it.</summary>
    private static Stage? StageOfDelay(IRunFacts run, double limit) =>
        run.Stages.Where(s => s.Logic == Logic.Unified).MaxBy(s => s.Ms) is { } longest && (run.DurationMs - longest.Ms) / 1000.0 <= limit
            ? longest.Stage
            : null;
}

/// <summary>One signal that is counted over runs.</summary>
/// <param name="GetRule">Returns the rule for a plan and the previous phase's hand-over rate; null when the signal is off.</param>
/// <param name="IsBad">Whether a run is bad, by the limit for its duration in seconds; null: it says nothing about this signal.</param>
/// <param name="FindStage">The stage at fault of a bad run; null: none alone.</param>
internal sealed record GuardSignal(
    string Name, bool RollsBack, Func<GuardPlan, double?, GuardRule?> GetRule,
    Func<IRunFacts, double, bool?> IsBad, Func<IRunFacts, double, Stage?> FindStage);
