using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Guard;

public sealed class GuardEvaluatorTests
{
    private const double SlowAbove = 30;
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private readonly GuardPlan _plan = PlanParseResult.Default.Guard;
    private GuardState _state = GuardState.Empty;
    private DateTimeOffset _now = Start;
    private int _number;

    /// <summary>Every outcome of a run that the issue's author, or another person on GitHub, can bring about.</summary>
    public static TheoryData<RunOutcome, string> CausedByPeople => new()
    {
        { RunOutcome.Skipped, "issue-gone" },
        { RunOutcome.Skipped, "issue-transferred" },
        { RunOutcome.Skipped, "issue-converted" },
        { RunOutcome.Skipped, "issue-locked" },
        { RunOutcome.Skipped, "repository-archived" },
        { RunOutcome.Skipped, "deferred-author-limit" },
        { RunOutcome.Skipped, "held-by-needs-review" },
        { RunOutcome.Rerouted, "rerouted" },
        { RunOutcome.Unmatched, "unmatched" },
        { RunOutcome.Waiting, "model-refused" },
        { RunOutcome.Waiting, "needs-clarification" },
        { RunOutcome.Waiting, "model-unanswerable" },
        { RunOutcome.Waiting, "text-keeps-changing" },
        { RunOutcome.Waiting, "text-swapped" },
        { RunOutcome.Waiting, "text-refused" },
        { RunOutcome.Waiting, "write-refused" },
        { RunOutcome.Waiting, "copilot-not-unassigned" },
        { RunOutcome.Waiting, "guidance-not-placed" },
        { RunOutcome.Waiting, "issue-label-limit" },
        { RunOutcome.Waiting, "assignee-limit" },
    };

    [Theory]
    [MemberData(nameof(CausedByPeople))]
    public void What_People_Cause_Is_A_Bad_Run_To_No_Signal_That_Rolls_Back(RunOutcome outcome, string code)
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.DoesNotContain(Evaluate(Create(outcome, code)).Fired, f => f.RollsBack);
        }

        string[] above = [.. _state.Signals.Where(s => s.Value > 0).Select(s => s.Signal)];
        Assert.All(above, s => Assert.Equal(GuardSignals.HandOver, s));
    }

    [Theory]
    [InlineData(0.01)]
    public void The_Error_Signal_Rarely_Fires_Without_A_Cause(double rate)
    {
        var random = new Random(1);
        int alarms = Enumerable.Range(0, 200)
            .Count(_ => GuardSimulation.CountRunsToFire(_plan, rate, Enumerable.Repeat(TimeSpan.FromMinutes(16), 1200), 1200, random) is not null);

        Assert.InRange(alarms, 0, 10);
    }

    [Theory]
    [InlineData(100, 5)]
    [InlineData(50, 10)]
    [InlineData(20, 25)]
    [InlineData(10, 60)]
    [InlineData(5, 150)]
    public void The_Error_Signal_Fires_Soon_Enough_Whatever_The_Spacing(int failingPercent, int atMost)
    {
        Func<Random, IEnumerable<TimeSpan>>[] patterns =
        [
            _ => Enumerable.Repeat(TimeSpan.FromMinutes(16), 2000),
            _ => Enumerable.Range(0, 2000).Select(i => i % 25 == 0 ? TimeSpan.FromHours(4) : TimeSpan.FromSeconds(1)),
            _ => Enumerable.Repeat(TimeSpan.FromDays(7.0 / 19), 2000),
            random => Enumerable.Range(0, 2000).Select(_ => TimeSpan.FromDays(-Math.Log(1 - random.NextDouble()) / 20)),
        ];

        int?[] medians = [.. patterns.Select(p => GuardSimulation.MedianRunsToFire(_plan, failingPercent / 100.0, p, trials: 401, limit: 2000, seed: 3))];

        Assert.All(medians, m => Assert.InRange(m ?? int.MaxValue, 1, atMost));
    }

    [Fact]
    public void With_Every_Run_Failing_It_Fires_At_The_Fourth_And_Says_Why()
    {
        FiredSignal? fired = null;
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(fired);
            fired = Evaluate(Create(RunOutcome.Failed, "model-timeout", failing: Stage.Analysis)).Fired.SingleOrDefault();
        }

        Assert.Equal((GuardSignals.Errors, Stage.Analysis), (fired?.Signal, fired?.Stage));
        Assert.Equal(
            "signal errors: 4 bad of 4 runs since 2026-11-02 08:01 on 4 issues, for example octo/watch#4; value 9.2, threshold 7.5; only the analysis stage is at fault",
            fired!.Message);
        Assert.Equal(0, _state.Get(GuardSignals.Errors).Value);
    }

    [Fact]
    public void An_Issue_Counts_Once_In_A_Day_However_Often_It_Fails()
    {
        for (int i = 0; i < 30; i++)
        {
            _now += TimeSpan.FromMinutes(47);
            Assert.Empty(Evaluate(Create(RunOutcome.Failed, issue: "octo/watch#1")).Fired);
        }

        Assert.Equal((1, Math.Log(10)), (_state.Get(GuardSignals.Errors).BadRuns, _state.Get(GuardSignals.Errors).Value));
        _now += TimeSpan.FromHours(1);
        Evaluate(Create(RunOutcome.Failed, issue: "octo/watch#1"));
        Assert.Equal(2, _state.Get(GuardSignals.Errors).BadRuns);
    }

    [Fact]
    public void A_Good_Run_Counts_Once_In_A_Day_Also_When_The_Signal_Was_At_Zero()
    {
        Evaluate(Create(issue: "octo/watch#1"));
        Evaluate(Create(RunOutcome.Failed, issue: "octo/watch#2"));
        double value = _state.Get(GuardSignals.Errors).Value;
        Evaluate(Create(issue: "octo/watch#1"));
        Assert.Equal((true, value), (value > 0, _state.Get(GuardSignals.Errors).Value));

        _now += TimeSpan.FromHours(24);
        Evaluate(Create(issue: "octo/watch#1"));
        Assert.True(_state.Get(GuardSignals.Errors).Value < value);
    }

    [Fact]
    public void One_Issue_Alone_Never_Fires()
    {
        for (int day = 0; day < 10; day++)
        {
            _now += TimeSpan.FromHours(25);
            Assert.Empty(Evaluate(Create(RunOutcome.Failed, issue: "octo/watch#1")).Fired);
        }
    }

    [Fact]
    public void A_Run_Is_Counted_Once_However_Often_It_Is_Seen_And_In_Whatever_Order()
    {
        RunRecord first = Create(RunOutcome.Failed);
        RunRecord late = Create(RunOutcome.Failed);
        RunRecord third = Create(RunOutcome.Failed);
        Evaluate(first, third);
        Evaluate(first, third);
        Evaluate(late, first);
        Evaluate(late, third);

        Assert.Equal(3, _state.Get(GuardSignals.Errors).BadRuns);
    }

    [Fact]
    public void Good_Runs_Bring_A_Signal_Back_To_Zero()
    {
        Evaluate(Create(RunOutcome.Failed));
        for (int i = 0; i < 25; i++)
        {
            Evaluate(Create());
        }

        Assert.Equal((0, null), (_state.Get(GuardSignals.Errors).Value, _state.Get(GuardSignals.Errors).Since));
        Assert.Equal("every signal at 0", _state.Observation);
    }

    [Fact]
    public void Unanswered_Analyses_Fire_Although_Their_Runs_Only_Wait()
    {
        GuardEvaluation last = new(_state, []);
        for (int i = 0; i < 4; i++)
        {
            last = Evaluate(Create(RunOutcome.Waiting, "model-malformed"));
        }

        FiredSignal fired = Assert.Single(last.Fired, f => f.RollsBack);
        Assert.Equal((GuardSignals.Unanswered, Stage.Analysis), (fired.Signal, fired.Stage));
    }

    [Fact]
    public void Refusals_Of_The_Content_Filter_Report_At_Three_In_A_Row_And_Take_Nothing_Back()
    {
        Evaluate(Create(RunOutcome.Waiting, "model-refused"));
        Evaluate(Create(RunOutcome.Waiting, "model-refused"));
        Evaluate(Create());
        Evaluate(Create(RunOutcome.Waiting, "model-refused"));
        Assert.Empty(Evaluate(Create(RunOutcome.Waiting, "model-refused")).Fired);

        FiredSignal fired = Assert.Single(Evaluate(Create(RunOutcome.Waiting, "model-refused")).Fired);

        Assert.Equal((GuardSignals.Refused, false), (fired.Signal, fired.RollsBack));
    }

    [Fact]
    public void Critical_Runs_Fire_At_The_Second_Issue_And_Take_Everything_Back()
    {
        Evaluate(Create(RunOutcome.Critical));

        FiredSignal fired = Assert.Single(Evaluate(Create(RunOutcome.Critical)).Fired, f => f.Signal == GuardSignals.Critical);

        Assert.Null(fired.Stage);
    }

    [Fact]
    public void Slow_Runs_Fire_And_Name_The_Slow_Stage()
    {
        GuardEvaluation last = new(_state, []);
        for (int i = 0; i < 10 && last.Fired.Count == 0; i++)
        {
            last = Evaluate(Create(analysisMs: 40_000, preparationMs: 5_000));
        }

        FiredSignal fired = Assert.Single(last.Fired);
        Assert.Equal((GuardSignals.Slow, Stage.Analysis, 5), (fired.Signal, fired.Stage, fired.State!.Runs));
    }

    [Fact]
    public void Hand_Overs_Are_Off_Without_A_Rate_Of_The_Phase_Before_And_Report_With_One()
    {
        for (int i = 0; i < 50; i++)
        {
            Assert.Empty(Evaluate(Create(RunOutcome.Waiting, "needs-clarification")).Fired);
        }

        _state = GuardState.Empty with { HandOverRate = 0.1 };
        List<FiredSignal> fired = [];
        for (int i = 0; i < 50; i++)
        {
            fired.AddRange(Evaluate(Create(RunOutcome.Waiting, "needs-clarification")).Fired);
        }

        Assert.All(fired, f => Assert.Equal((GuardSignals.HandOver, false), (f.Signal, f.RollsBack)));
        Assert.NotEmpty(fired);
    }

    [Fact]
    public void Failures_Of_Both_Stages_Blame_Neither()
    {
        List<FiredSignal> fired = [];
        for (int i = 0; i < 4; i++)
        {
            fired.AddRange(Evaluate(Create(RunOutcome.Failed, failing: i % 2 == 0 ? Stage.Analysis : Stage.Preparation)).Fired);
        }

        Assert.Null(Assert.Single(fired).Stage);
    }

    [Fact]
    public void Legacy_Runs_Count_For_Nothing_But_Failures_Before_Routing_Are_Reported()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Empty(Evaluate(Create(RunOutcome.Failed) with { Route = Logic.Legacy }).Fired);
        }

        List<FiredSignal> fired = [];
        for (int i = 0; i < 20; i++)
        {
            fired.AddRange(Evaluate(Create(RunOutcome.Failed) with { Route = null, Stages = [] }).Fired);
        }

        Assert.All(fired, f => Assert.Equal((GuardSignals.Unrouted, false), (f.Signal, f.RollsBack)));
        Assert.NotEmpty(fired);
    }

    private GuardEvaluation Evaluate(params RunRecord[] runs)
    {
        GuardEvaluation evaluation = GuardEvaluator.Evaluate(_state, runs, _plan, SlowAbove);
        _state = evaluation.State;
        return evaluation;
    }

    private RunRecord Create(
        RunOutcome outcome = RunOutcome.Succeeded, string code = "", string? issue = null, Stage? failing = null, long analysisMs = 1000, long preparationMs = 1000)
    {
        _now += TimeSpan.FromMinutes(1);
        _number++;
        StageRecord analysis = new(Stage.Analysis, Logic.Unified, failing == Stage.Analysis ? outcome : RunOutcome.Succeeded, analysisMs);
        StageRecord preparation = new(Stage.Preparation, Logic.Unified, failing == Stage.Preparation ? outcome : RunOutcome.Succeeded, preparationMs);
        return new RunRecord
        {
            Kind = RunKind.Run,
            RunId = $"run-{_number:0000}",
            Issue = issue ?? $"octo/watch#{_number}",
            Trigger = "webhook",
            Route = Logic.Unified,
            Outcome = outcome,
            ReasonCode = code,
            DurationMs = analysisMs + preparationMs,
            Stages = failing == Stage.Analysis ? [analysis] : [analysis, preparation],
            Started = _now,
            Ended = _now,
        };
    }
}
