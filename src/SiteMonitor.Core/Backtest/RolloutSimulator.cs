using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Backtest;

/// <summary>
/// Simulates a plan's phases on the issues of a backtest, at the times they were opened, with the production gates and guard.
/// <see cref="SimulatedRolloutSections"/> says what is assumed.
/// </summary>
internal sealed class RolloutSimulator
{
    private const int MaxDays = 730;
    private const int MaxIssues = 10_000;
    private const string BacktestCriterion = "backtest";

    private readonly RolloutPlan _plan;
    private readonly ArrivalPattern _pattern;
    private readonly bool _isBacktestMet;
    private readonly double? _handOverRate;
    private readonly IEnumerator<Arrival> _arrivals;
    private readonly List<RunRecord> _runs = [];
    private readonly List<IssueComparison> _comparisons = [];
    private readonly List<SimulatedSignal> _signals = [];
    private RolloutState _state;
    private RunRecord[] _unifiedRunsOfEarlierPhases = [];

    /// <summary>Accumulated rollout percentage: at 100, the issue goes to the unified pipeline and 100 is subtracted.</summary>
    private double _accumulatedPercent;

    private int _issues;

    private RolloutSimulator(RolloutPlan plan, ArrivalPattern pattern, BacktestReport report)
    {
        _plan = plan;
        _pattern = pattern;
        _isBacktestMet = report.MeetsGate;
        _handOverRate = report.Rows.Count < EvidenceReader.HandOverMinimum ? null
            : (double)report.Rows.Count(r => r.Unified.Specialists.Count == 0) / report.Rows.Count;
        _arrivals = pattern.Repeat().GetEnumerator();
        _arrivals.MoveNext();
        _state = RolloutState.Start(plan.Phases[0].Name, pattern.Start);
    }

    /// <returns>Null when the issues show no pattern of arrivals.</returns>
    public static SimulatedRollout? Simulate(BacktestReport report)
    {
        ArrivalPattern pattern = new(report.Rows, report.Problems);
        return pattern.IsKnown ? new RolloutSimulator(report.Plan, pattern, report).Run() : null;
    }

    private SimulatedRollout Run()
    {
        List<SimulatedPhase> phases = [];
        DateTimeOffset now = _pattern.Start;
        foreach (PhasePlan phase in _plan.Phases.Where(p => p.Gate.Count > 0))
        {
            SimulatedPhase simulated = Simulate(phase, now);
            phases.Add(simulated);

            // Without the backtest's criterion the rollout would not begin, but the rest is of interest all the same.
            if (simulated.MetAt is null && phase != _plan.Phases[0])
            {
                break;
            }

            now = simulated.MetAt ?? now;
        }

        return new SimulatedRollout(
            phases,
            _signals,
            [.. ForecastCalculator.ForGuard(_plan.Guard, NoTraffic).Select(AddTime)],
            Math.Max(0, _issues - 1) / _pattern.Count);
    }

    private static TrafficRates NoTraffic { get; } = new(0, 0, 0, string.Empty);

    private SimulatedDetection AddTime(DetectionForecast detection) =>
        new(detection.FailingPercent, detection.Runs, detection.Runs is { } runs ? _pattern.GetTimeOf(runs)?.TotalHours : null);

    private SimulatedPhase Simulate(PhasePlan phase, DateTimeOffset from)
    {
        Begin(phase, from);
        int issuesBefore = _issues;
        int unified = 0;
        IReadOnlyList<string> heldBy = [];
        DateTimeOffset now = from;
        while (true)
        {
            IReadOnlyList<CriterionResult> gate = Gate.Evaluate(phase, _state, CreateEvidence(phase, now));
            string[] open = [.. gate.Where(c => c.State != CriterionState.Met).Select(c => c.Id)];
            bool isMet = open.Length == 0;
            if (isMet || phase == _plan.Phases[0] || now - _pattern.Start > TimeSpan.FromDays(MaxDays) || _issues > MaxIssues)
            {
                return new SimulatedPhase(
                    phase.Name, from, isMet ? now : null, _issues - issuesBefore, unified, gate, isMet ? heldBy : open);
            }

            heldBy = open;
            now = now.AddDays(1);
            for (; _arrivals.Current.At <= now && _issues <= MaxIssues; _arrivals.MoveNext())
            {
                unified += AddRun(phase, _arrivals.Current) ? 1 : 0;
            }
        }
    }

    private void Begin(PhasePlan phase, DateTimeOffset at)
    {
        RunRecord[] previous = [.. _runs.Where(RunStatistics.IsUnified).TakeLast(EvidenceReader.HandOverRuns)];
        _unifiedRunsOfEarlierPhases =
            [.. previous.Where(RunStatistics.HasDuration).Reverse().Concat(_unifiedRunsOfEarlierPhases).Take(EvidenceReader.HandOverRuns)];
        double? rate = previous.Length < EvidenceReader.HandOverMinimum ? _handOverRate
            : (double)previous.Count(r => r.Outcome == RunOutcome.Waiting) / previous.Length;
        _runs.Clear();
        _comparisons.Clear();
        _state = RolloutState.Start(phase.Name, at) with
        {
            Guard = GuardState.Empty with { HandOverRate = rate },
            Confirmations =
            [
                .. phase.Gate.Where(c => c.Confirm is not null && (c.Id != BacktestCriterion || _isBacktestMet))
                    .Select(c => new Confirmation(phase.Name, c.Id, "people", "assumed", at)),
            ],
        };
        if (phase.Gate.Any(c => c.Measure == Measure.BetaIssuesAsExpected))
        {
            AddBetaIssues(phase, at);
        }
    }

    private void AddBetaIssues(PhasePlan phase, DateTimeOffset at)
    {
        OpenedBetaIssue[] opened =
            [.. _plan.BetaIssues.Select((issue, i) => new OpenedBetaIssue($"replay/beta#{i + 1}", issue.Title, issue.Expected))];
        _state = _state with { BetaIssues = opened };
        _runs.AddRange(opened.Select(issue => CreateRun(phase, issue.Issue, at, Logic.Unified) with
        {
            Outcome = issue.Expected == BetaOutcome.Waiting ? RunOutcome.Waiting : RunOutcome.Succeeded,
            ReasonCode = issue.Expected == BetaOutcome.Waiting ? WaitCodes.ScoreLow : string.Empty,
        }));
    }

    /// <returns>Whether the issue went through the unified pipeline.</returns>
    private bool AddRun(PhasePlan phase, Arrival arrival)
    {
        _issues++;
        if (!phase.Flags.Webhook)
        {
            return false;
        }

        _accumulatedPercent += phase.Flags.UnifiedPipeline.Enabled ? phase.Flags.UnifiedPipeline.Percentage : 0;
        bool isUnified = _accumulatedPercent >= 100;
        _accumulatedPercent -= isUnified ? 100 : 0;
        RunRecord run = CreateRun(phase, arrival, isUnified ? Logic.Unified : Logic.Legacy);
        _runs.Add(run);
        if (phase.Flags.Comparison && arrival.Row is { Difference: { } difference } row)
        {
            _comparisons.Add(CreateComparison(arrival, row, difference));
        }

        Evaluate(phase, run, arrival);
        return isUnified;
    }

    private void Evaluate(PhasePlan phase, RunRecord run, Arrival arrival)
    {
        GuardEvaluation evaluation = GuardEvaluator.Evaluate(
            _state.Guard, [run], _plan.Guard, _plan.Guard.DurationRatioAbove * CreateBaseline().Seconds);
        _state = _state with { Guard = evaluation.State };
        _signals.AddRange(evaluation.Fired.Select(f =>
            new SimulatedSignal(run.Ended, phase.Name, arrival.Number, f.Signal, f.RollsBack, f.Message)));
        if (evaluation.Fired.Any(f => f.RollsBack))
        {
            _runs.Clear();
            _comparisons.Clear();
            _state = _state with
            {
                EvidenceFrom = run.Ended,
                SoakFrom = run.Ended,
                Guard = GuardState.Empty with { HandOverRate = _state.Guard.HandOverRate },
            };
        }
    }

    private Evidence CreateEvidence(PhasePlan phase, DateTimeOffset at) => new()
    {
        At = at,
        State = _state,
        Runs = [.. _runs],
        UnifiedBefore = _unifiedRunsOfEarlierPhases,
        Baseline = CreateBaseline(),
        Comparisons = ConsistencyReport.Create(_comparisons),
        OldCommandCalls = [],
    };

    private Baseline CreateBaseline() => Baseline.Create(new Durations([]), _plan.BaselineFloorSeconds);

    private static RunRecord CreateRun(PhasePlan phase, Arrival arrival, Logic route)
    {
        RunRecord run = CreateRun(phase, arrival.Key, arrival.At, route);
        return (route, arrival.Row) switch
        {
            (_, null) => run with { Outcome = RunOutcome.Failed },
            (Logic.Legacy, { } row) => run with
            {
                Outcome = row.Legacy.Specialists.Count == 0 ? RunOutcome.Unmatched : RunOutcome.Succeeded,
            },
            (_, { } row) => run with
            {
                Outcome = row.Unified.Specialists.Count == 0 ? RunOutcome.Waiting : RunOutcome.Succeeded,
                ReasonCode = row.Unified.Specialists.Count == 0 ? row.Unified.Code : string.Empty,
                DurationMs = row.DurationMs,
                Ended = arrival.At.AddMilliseconds(row.DurationMs),
            },
        };
    }

    private static RunRecord CreateRun(PhasePlan phase, string issue, DateTimeOffset at, Logic route) => new()
    {
        Kind = RunKind.Run,
        RunId = issue,
        Issue = issue,
        Trigger = TriggerNames.Webhook,
        Phase = phase.Name,
        Route = route,
        Stages = [new StageRecord(Stage.Analysis, route, RunOutcome.Succeeded, 0)],
        Outcome = RunOutcome.Succeeded,
        Started = at,
        Ended = at,
    };

    private static IssueComparison CreateComparison(Arrival arrival, BacktestRow row, DifferenceClassification difference) => new(
        arrival.Key,
        arrival.At,
        CreateSide(Logic.Unified, SideDecision.AssignedOutcome, row.Unified.Specialists),
        CreateSide(
            Logic.Legacy,
            row.Legacy.Specialists.Count == 0 ? SideDecision.UnmatchedOutcome : SideDecision.AssignedOutcome,
            row.Legacy.Specialists),
        difference == DifferenceClassification.None
            ? []
            : [new Difference(ComparedField.Outcome, string.Empty, string.Empty, string.Empty, difference)]);

    private static SideDecision CreateSide(Logic logic, string outcome, IReadOnlyList<string> specialists) =>
        new() { Logic = logic, Outcome = outcome, Labels = [], Assignees = [], Specialists = specialists };
}
