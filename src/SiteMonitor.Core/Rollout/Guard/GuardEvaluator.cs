using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using static System.FormattableString;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>A signal that fired, or the guard's decision to roll back because of one or more signals.</summary>
/// <param name="Signal">One of <see cref="GuardSignals"/>.</param>
/// <param name="RollsBack">False: an incident is enough.</param>
/// <param name="Stage">The only stage at fault; null rolls back everything.</param>
/// <param name="Message">What was observed, of every signal that fired: the runs counted, value and threshold.</param>
/// <param name="State">As it was when it fired; null for a signal that has none.</param>
public sealed record FiredSignal(string Signal, bool RollsBack, Stage? Stage, string Message, SignalState? State = null)
{
    /// <summary>The rollback to make; has a meaning only if <see cref="RollsBack"/>.</summary>
    public RollbackKind Kind => Stage is null ? RollbackKind.Full : RollbackKind.Partial;
}

/// <summary>Result of one evaluation.</summary>
public sealed record GuardEvaluation(GuardState State, IReadOnlyList<FiredSignal> Fired);

/// <summary>
/// Counts new runs into each signal's CUSUM and finds the signals that fire. A signal needs two distinct bad issues, and an issue adds at
/// most one bad and one good run to it in 24 hours, so one issue that is retried fires nothing.
/// </summary>
public static class GuardEvaluator
{
    private const int DistinctIssues = 2;
    private const int CountedRunsKept = 200;
    private const int RefusalsToFire = 3;
    private static readonly TimeSpan LateRecords = TimeSpan.FromHours(1);

    /// <param name="runs">Runs of any route, in any order; those that are counted already are left out.</param>
    /// <param name="slowAbove">The duration in seconds above which a run is slow.</param>
    public static GuardEvaluation Evaluate(GuardState state, IEnumerable<IRunFacts> runs, GuardPlan plan, double slowAbove)
    {
        HashSet<string> counted = [.. state.CountedRuns.Select(r => r.RunId)];
        IRunFacts[] news =
        [
            .. runs.Where(r => (state.CountedThrough is not { } through || r.Ended > through) && counted.Add(r.RunId))
                .OrderBy(r => r.Ended).ThenBy(r => r.RunId, StringComparer.Ordinal),
        ];
        if (news.Length == 0)
        {
            return new GuardEvaluation(state, []);
        }

        Dictionary<string, FiredSignal> fired = [];
        List<SignalState> signals = [];
        foreach (GuardSignal signal in GuardSignals.Counted)
        {
            SignalState current = state.Get(signal.Name);
            if (signal.GetRule(plan, state.HandOverRate) is { } rule)
            {
                foreach (IRunFacts run in news)
                {
                    current = Count(signal, rule, current, run, slowAbove);
                    if (current.Value >= rule.Threshold && current.BadIssues.Count >= DistinctIssues)
                    {
                        fired.TryAdd(signal.Name, CreateFired(signal, rule, current));
                        current = current.Reset();
                    }
                }
            }

            signals.Add(current);
        }

        (int refusals, FiredSignal? refused) = CountRefusals(state.RefusalsInRow, news);
        GuardState next = MarkCounted(state, news) with
        {
            Signals = [.. signals.Where(s => s.Value > 0 || s.Contributions.Count > 0)],
            RefusalsInRow = refusals,
            EvaluatedAt = news[^1].Ended,
            Observation = Describe(signals, plan, state.HandOverRate),
        };
        return new GuardEvaluation(next, refused is null ? [.. fired.Values] : [.. fired.Values, refused]);
    }

    private static SignalState Count(GuardSignal signal, GuardRule rule, SignalState state, IRunFacts run, double slowAbove) =>
        signal.IsBad(run, slowAbove) is { } isBad
            ? state.Count(run, isBad, rule.GetWeight(isBad), isBad ? signal.FindStage(run, slowAbove) : null)
            : state;

    private static FiredSignal CreateFired(GuardSignal signal, GuardRule rule, SignalState state)
    {
        Stage? stage = FindStageAtFault(state, rule);
        string issues =
            state.BadIssues.Count == 1 ? state.BadIssues[0] : $"{state.BadIssues.Count} issues, for example {state.BadIssues[^1]}";
        string fault = stage is { } only ? $"; only the {only.ToString().ToLowerInvariant()} stage is at fault" : string.Empty;
        string figures = Invariant($"{state.BadRuns} bad of {state.Runs} runs since {state.Since:yyyy-MM-dd HH:mm} on {issues}") +
            Invariant($"; value {state.Value:0.0}, threshold {rule.Threshold:0.0}");
        return new FiredSignal(signal.Name, signal.RollsBack, stage, $"signal {signal.Name}: {figures}{fault}", state);
    }

    /// <summary>Returns the stage at fault: without its bad runs, the rate would be below that of a failing pipeline.</summary>
    private static Stage? FindStageAtFault(SignalState state, GuardRule rule)
    {
        Stage[] alone =
            [.. Enum.GetValues<Stage>().Where(s => state.CountBad(s) > 0 && IsNegligible(state.BadRuns - state.CountBad(s)))];
        return alone is [var only] ? only : null;

        bool IsNegligible(int others) => others == 0 || others < rule.FailingRate * state.Runs;
    }

    // Records may arrive late, so ids are kept for an hour; everything older counts as counted.
    private static GuardState MarkCounted(GuardState state, IRunFacts[] news)
    {
        CountedRun[] runs =
            [.. state.CountedRuns.Concat(news.Select(r => new CountedRun(r.RunId, r.Ended))).OrderByDescending(r => r.Ended)];
        DateTimeOffset through = runs[0].Ended - LateRecords;
        through = runs.Length > CountedRunsKept && runs[CountedRunsKept].Ended > through ? runs[CountedRunsKept].Ended : through;
        through = state.CountedThrough > through ? state.CountedThrough.Value : through;
        return state with { CountedThrough = through, CountedRuns = [.. runs.Where(r => r.Ended > through)] };
    }

    /// <summary>Counts refusals in a row. The filter may be right each time, so this opens an incident and rolls nothing back.</summary>
    private static (int InRow, FiredSignal? Fired) CountRefusals(int inRow, IEnumerable<IRunFacts> news)
    {
        FiredSignal? fired = null;
        foreach (IRunFacts run in news.Where(r => RunStatistics.IsUnified(r) && GuardSignals.RanAnalysis(r)))
        {
            inRow = RunStatistics.IsRefusedByModel(run) ? inRow + 1 : 0;
            if (inRow == RefusalsToFire)
            {
                inRow = 0;
                fired = new FiredSignal(GuardSignals.Refused, RollsBack: false, Stage: null,
                    $"signal {GuardSignals.Refused}: the model refused {RefusalsToFire} analyses in a row, the last of {run.Issue}");
            }
        }

        return (inRow, fired);
    }

    private static string Describe(IEnumerable<SignalState> signals, GuardPlan plan, double? handOverRate)
    {
        double? FindThreshold(string name) => GuardSignals.Counted.Single(g => g.Name == name).GetRule(plan, handOverRate)?.Threshold;
        string[] above =
        [
            .. signals.Where(s => s.Value > 0)
                .Select(s => Invariant($"{s.Signal} {s.Value:0.0} of {FindThreshold(s.Signal):0.0} ({s.BadRuns} bad of {s.Runs} runs)")),
        ];
        return above.Length == 0 ? "every signal at 0" : string.Join(", ", above);
    }
}
