using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Guard;

public sealed class GuardServiceTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task Failing_Runs_Roll_Back_Once()
    {
        await GoodRunsAsync(18);
        Assert.Null((await FailAsync()).Decision);
        Assert.Null((await FailAsync()).Decision);
        Assert.Null((await FailAsync()).Decision);
        GuardResult fired = await FailAsync();

        Assert.Equal((RollbackKind.Full, GuardSignals.Errors), (fired.Decision?.Kind, fired.Decision?.Signal));
        Assert.Contains("4 bad of 4 runs", fired.Decision!.Message, StringComparison.Ordinal);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal("available", await _rollout.FlagAsync(FlagNames.LegacyCommands));
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(("half", AuditEntry.Guard), (state.Phase, state.RolledBack?.By));
        Assert.Contains(state.Outbox, a => a.Topic == Topics.RollbackDone && a.Lines.Any(l => l.Contains("signal errors", StringComparison.Ordinal)));

        for (int i = 0; i < 5; i++)
        {
            Assert.Null((await FailAsync()).Decision);
        }

        Assert.Single((await _rollout.StateAsync()).Incidents);
    }

    [Theory]
    [InlineData(6, 0.2, 0.2)]
    [InlineData(0, 0.0, 0.05)]
    [InlineData(24, 0.8, 0.4)]
    public async Task Hand_Overs_Are_Judged_By_The_Rate_Of_The_Phase_Before_Held_Between_5_And_40_Percent(int waiting, double rate, double healthy)
    {
        for (int i = 0; i < 30; i++)
        {
            _rollout.Run(i < waiting ? RunOutcome.Waiting : RunOutcome.Succeeded, phase: "parallel");
        }

        await GoodRunsAsync(1);
        await _rollout.MinuteAsync();

        double? read = (await _rollout.StateAsync()).Guard.HandOverRate;
        Assert.Equal(rate, read!.Value, 3);
        Assert.Equal(new GuardRule(healthy, 2 * healthy, 8), _rollout.Plan.Guard.HandOver.For(read.Value));
    }

    [Fact]
    public async Task With_Few_Runs_In_The_Phase_Before_Hand_Overs_Are_Not_Judged()
    {
        for (int i = 0; i < 19; i++)
        {
            _rollout.Run(RunOutcome.Waiting, phase: "parallel");
        }

        await GoodRunsAsync(1);
        await _rollout.MinuteAsync();

        Assert.NotNull((await _rollout.StateAsync()).Guard.CountedThrough);
        Assert.Null((await _rollout.StateAsync()).Guard.HandOverRate);
    }

    [Theory]
    [InlineData(20, 0.25)]
    [InlineData(19, null)]
    public async Task With_Few_Runs_In_The_Phase_Before_Comparisons_Made_Before_The_Phase_Tell_The_Rate(int comparisons, double? rate)
    {
        DateTimeOffset since = (await _rollout.StateAsync()).PhaseSince;
        for (int i = 0; i < comparisons; i++)
        {
            _rollout.Comparisons.Add($"o/r#{i}", since.AddHours(-i - 1), unified: i % 4 == 0 ? "needs-review" : "assigned");
        }

        for (int i = 0; i < 30; i++)
        {
            // These say nothing of the hand-over rate before the phase: a refusal, a preparation only, and what the phase itself compared.
            _rollout.Comparisons.Add($"o/r#{100 + i}", since.AddHours(-1), unified: i % 2 == 0 ? "issue-closed" : "prepared");
            _rollout.Comparisons.Add($"o/r#{200 + i}", since.AddSeconds(1), unified: "needs-clarification");
        }

        await GoodRunsAsync(1);
        await _rollout.MinuteAsync();

        Assert.Equal(rate, (await _rollout.StateAsync()).Guard.HandOverRate);
    }

    [Theory]
    [InlineData(20, 0.25)]
    [InlineData(19, null)]
    public async Task With_Few_Runs_And_Comparisons_A_Backtest_On_Own_Issues_Tells_The_Rate(int issues, double? rate)
    {
        DateTimeOffset since = (await _rollout.StateAsync()).PhaseSince;
        for (int i = 0; i < issues; i++)
        {
            // The first decision on an issue was another one, by another prompt.
            Decide("backtest-own:", i, since.AddHours(-20), i % 4 == 0 ? RunOutcome.Succeeded : RunOutcome.Waiting);
            Decide("backtest-own:", i, since.AddHours(-1), i % 4 == 0 ? RunOutcome.Waiting : RunOutcome.Succeeded);
        }

        // These say nothing: records of an older version, the built-in set, an issue that could not be decided, an old backtest, and one during the phase.
        for (int i = 100; i < 130; i++)
        {
            Decide("backtest:", i - 100, since.AddMinutes(-1), RunOutcome.Succeeded);
            Decide("backtest-set:", i, since.AddHours(-1), RunOutcome.Waiting);
            Decide("backtest-own:", i + 100, since.AddHours(-1), RunOutcome.Failed);
            Decide("backtest-own:", i + 200, since.AddDays(-91), RunOutcome.Waiting);
            Decide("backtest-own:", i + 300, since.AddSeconds(1), RunOutcome.Waiting);
        }

        await GoodRunsAsync(1);
        await _rollout.MinuteAsync();

        Assert.Equal(rate, (await _rollout.StateAsync()).Guard.HandOverRate);

        void Decide(string prefix, int issue, DateTimeOffset at, RunOutcome outcome) => _rollout.Ledger.Records.Add(new RunRecord
        {
            Kind = RunKind.Comparison,
            RunId = $"{prefix}{issue}-{at.Ticks}",
            Issue = $"o/r#{issue}",
            Trigger = "manual",
            Outcome = outcome,
            Started = at,
            Ended = at,
        });
    }

    [Fact]
    public async Task Failures_Of_One_Stage_Take_Only_That_Stage_Back()
    {
        await GoodRunsAsync(18);
        GuardResult report = await FailAsync(failing: Stage.Analysis);
        for (int i = 0; i < 3; i++)
        {
            report = await FailAsync(failing: Stage.Analysis);
        }

        Assert.Equal((RollbackKind.Partial, Stage.Analysis), (report.Decision!.Kind, report.Decision.Stage));
        Assert.Contains("only the analysis stage", report.Decision.Message, StringComparison.Ordinal);
        Assert.Equal(("off", "on"), (await _rollout.FlagAsync(FlagNames.Analysis), await _rollout.FlagAsync(FlagNames.AnalysisFallback)));
        Assert.Equal("label beta-test + 50 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Empty((await _rollout.StateAsync()).Drift);
    }

    [Fact]
    public async Task When_The_Other_Stage_Fails_Too_Everything_Is_Taken_Back()
    {
        await GoodRunsAsync(18);
        for (int i = 0; i < 4; i++)
        {
            await FailAsync(failing: Stage.Analysis);
        }

        Assert.Equal(RollbackKind.Partial, (await _rollout.StateAsync()).RolledBack?.Kind);
        await GoodRunsAsync(18);
        for (int i = 0; i < 5; i++)
        {
            await FailAsync(failing: Stage.Preparation);
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(RollbackKind.Full, state.RolledBack?.Kind);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Single(state.Incidents);
        Assert.Empty((await _rollout.StateAsync()).Drift);
    }

    [Theory]
    [InlineData(RunOutcome.Waiting, "text-swapped")]
    [InlineData(RunOutcome.Waiting, "copilot-not-unassigned")]
    [InlineData(RunOutcome.Skipped, "deferred-author-limit")]
    [InlineData(RunOutcome.Skipped, "deferred-copilot-limit")]
    [InlineData(RunOutcome.Skipped, "deferred-cost-limit")]
    public async Task What_An_Author_Brings_About_Opens_One_Incident_And_Rolls_Nothing_Back(RunOutcome outcome, string code)
    {
        for (int i = 0; i < 30; i++)
        {
            _rollout.Run(outcome, reason: code);
            Assert.Null((await _rollout.MinuteAsync()).Decision);
        }

        Incident incident = Assert.Single((await _rollout.StateAsync()).Incidents);
        Assert.Equal((code, true), (incident.Signal, incident.IsCausedByAuthors));
        Assert.Single((await _rollout.StateAsync()).Outbox, a => a.Topic == Topics.IncidentOpened);

        // Resolved, it does not come again for runs it has told of; a further swap is news at once, a further deferral only the next day.
        await _rollout.Incidents.ResolveAsync(incident.Id, RolloutFixture.By("ada", "seen"), RolloutFixture.Cancel);
        await _rollout.MinuteAsync();
        Assert.Single((await _rollout.StateAsync()).Incidents);
        _rollout.Run(outcome, reason: code);
        await _rollout.MinuteAsync();
        Assert.Equal(outcome == RunOutcome.Waiting ? 2 : 1, (await _rollout.StateAsync()).Incidents.Count);
        _rollout.Time.Advance(TimeSpan.FromHours(24));
        _rollout.Run(outcome, reason: code);
        await _rollout.MinuteAsync();
        Assert.Equal(2, (await _rollout.StateAsync()).Incidents.Count);
    }

    [Fact]
    public async Task Only_Refused_Writes_In_A_Row_Open_An_Incident_And_Roll_Nothing_Back()
    {
        foreach (string code in (string[])["write-refused", "write-refused", "score-low", "write-refused", "write-refused"])
        {
            _rollout.Run(RunOutcome.Waiting, reason: code);
            await _rollout.MinuteAsync();
            Assert.Empty((await _rollout.StateAsync()).Incidents);
        }

        _rollout.Run(RunOutcome.Waiting, reason: "write-refused");
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal("write-refused", Assert.Single(state.Incidents).Signal);
        Assert.Null(state.RolledBack);
    }

    [Fact]
    public async Task Limits_Are_Told_Of_Also_Before_The_Pipeline_Is_On()
    {
        using RolloutFixture development = new("development");
        development.Run(RunOutcome.Skipped, route: Logic.Legacy, reason: "deferred-author-limit");

        await development.MinuteAsync();

        Assert.Equal("deferred-author-limit", Assert.Single((await development.StateAsync()).Incidents).Signal);
    }

    [Fact]
    public async Task Critical_Failures_On_More_Than_A_Tenth_Of_The_Issues_Roll_Everything_Back()
    {
        await GoodRunsAsync(20);
        GuardResult report = await _rollout.MinuteAsync();
        for (int i = 0; i < 6 && report.Decision is null; i++)
        {
            _rollout.Run(RunOutcome.Critical, failing: Stage.Preparation);
            report = await _rollout.MinuteAsync();
        }

        Assert.Equal(RollbackKind.Full, report.Decision?.Kind);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task Runs_Twice_As_Slow_As_The_Baseline_Roll_Back_The_Slow_Stage()
    {
        foreach (int i in Enumerable.Range(0, 20))
        {
            _rollout.Run(route: Logic.Legacy, seconds: 16);
        }

        GuardResult report = await _rollout.MinuteAsync();
        for (int i = 0; i < 30 && report.Decision is null; i++)
        {
            _rollout.Run(seconds: 40);
            report = await _rollout.MinuteAsync();
        }

        Assert.Equal(GuardSignals.Slow, report.Decision?.Signal);
        Assert.Contains("signal slow: 5 bad of 5 runs", report.Decision!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_Text_Rolls_Back_At_Once_With_A_Single_Run()
    {
        RunRecord lost = _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        GuardResult report = await _rollout.MinuteAsync();

        Assert.Equal((RollbackKind.Full, GuardSignals.TextLost), (report.Decision?.Kind, report.Decision?.Signal));
        Assert.Contains(lost.Issue, report.Decision!.Message, StringComparison.Ordinal);
        Assert.Null((await _rollout.MinuteAsync()).Decision);
    }

    [Fact]
    public async Task Text_Lost_By_A_Run_That_Began_Before_The_Flags_Last_Changed_Is_Seen_Too()
    {
        await _rollout.StateAsync();
        RunRecord begun = _rollout.Run();
        _rollout.Ledger.Records.Clear();
        _rollout.Time.Advance(TimeSpan.FromHours(2));
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), RolloutFixture.Cancel);
        await _rollout.MinuteAsync();
        _rollout.Ledger.Records.Add(begun with { Outcome = RunOutcome.Critical, ReasonCode = RunStatistics.TextLostCode, Ended = _rollout.Time.GetUtcNow() });

        GuardResult report = await _rollout.MinuteAsync();

        Assert.Equal((GuardSignals.TextLost, true), (report.Decision?.Signal, report.RolledBack));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task Text_Lost_Just_Before_A_Change_Of_Flags_Is_Not_Forgotten_And_Is_Held_Against_Nobody_Twice()
    {
        await _rollout.MinuteAsync();
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        _rollout.Time.Advance(TimeSpan.FromSeconds(1));
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), RolloutFixture.Cancel);
        _rollout.Time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(GuardSignals.TextLost, (await _rollout.MinuteAsync()).Decision?.Signal);
        await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), RolloutFixture.Cancel);
        await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "fixed"), RolloutFixture.Cancel);
        Assert.Null((await _rollout.MinuteAsync()).Decision);
    }

    [Fact]
    public async Task In_A_State_From_Before_Lost_Text_Was_Remembered_What_Came_Before_The_Last_Change_Is_Dealt_With()
    {
        await _rollout.StateAsync();
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        _rollout.Time.Advance(TimeSpan.FromMinutes(1));
        await _rollout.States.UpdateUntilSavedAsync(
            edit => edit.State = edit.State with { HandledLostTextRuns = null, GuardFrom = edit.Now }, RolloutFixture.Cancel);

        Assert.Null((await _rollout.MinuteAsync()).Decision);
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        Assert.Equal(GuardSignals.TextLost, (await _rollout.MinuteAsync()).Decision?.Signal);
    }

    [Fact]
    public async Task Text_Lost_After_The_Rollback_Is_Told_In_Its_Incident()
    {
        await _rollout.StateAsync();
        RunRecord begun = _rollout.Run();
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), RolloutFixture.Cancel);
        await _rollout.MinuteAsync();
        _rollout.Ledger.Records[^1] = begun with { Outcome = RunOutcome.Critical, ReasonCode = RunStatistics.TextLostCode, Ended = _rollout.Time.GetUtcNow() };

        Assert.Null((await _rollout.MinuteAsync()).Decision);
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Contains(Assert.Single(state.Incidents).Notes, n => n.By == AuditEntry.Guard && n.Text.Contains(begun.Issue, StringComparison.Ordinal));
        Assert.Single(state.Outbox, a => a.Topic == Topics.IncidentUpdated);
    }

    [Fact]
    public async Task Runs_That_Fail_Before_The_Routing_Decision_Open_An_Incident_And_Leave_The_Flags()
    {
        await GoodRunsAsync(4);
        for (int i = 0; i < 5; i++)
        {
            _rollout.Unrouted("github-unauthorized");
            Assert.Null((await _rollout.MinuteAsync()).Decision);
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Null(state.RolledBack);
        Assert.Equal(GuardSignals.Unrouted, Assert.Single(state.Incidents).Signal);
        Assert.Contains("signal unrouted: 4 bad of 4 runs", state.Incidents[0].Notes[0].Text, StringComparison.Ordinal);
        Assert.Contains("github-unauthorized 4", state.Incidents[0].Notes[0].Text, StringComparison.Ordinal);

        await _rollout.Incidents.ResolveAsync("INC-1", RolloutFixture.By("ada", "a new token"), RolloutFixture.Cancel);
        await _rollout.MinuteAsync();
        Assert.DoesNotContain((await _rollout.StateAsync()).Incidents, i => i.IsOpen);
    }

    [Fact]
    public async Task It_Leaves_A_Sign_Of_Its_Rounds_Without_Saving_Each_Minute()
    {
        await _rollout.MinuteAsync();
        string? version = (await _rollout.Store.ReadAsync(RolloutFixture.Cancel))?.Version;
        await _rollout.MinuteAsync();
        Assert.Equal(version, (await _rollout.Store.ReadAsync(RolloutFixture.Cancel))?.Version);
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(_rollout.Time.GetUtcNow(), state.GuardRoundAt);
        Assert.Empty(GuardLiveness.Problem(state, _rollout.Time.GetUtcNow().AddMinutes(4)));
        Assert.Contains("has not run for 6 min", GuardLiveness.Problem(state, _rollout.Time.GetUtcNow().AddMinutes(6)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Phase_That_Left_The_Plan_Takes_No_Brake_Away()
    {
        await GoodRunsAsync(18);
        RolloutPlan without = _rollout.Plan with { Phases = [.. _rollout.Plan.Phases.Where(p => p.Name != "half")] };
        using RolloutFixture changed = _rollout.With(without);
        Assert.Contains("half", (await changed.Status.ReadAsync(RolloutFixture.Cancel)).Next, StringComparison.Ordinal);
        Assert.True((await changed.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), RolloutFixture.Cancel)).Failed);
        Assert.True((await changed.Control.RunAsync("confirm", RolloutFixture.By("ada", "go", r => r with { Criterion = "no-complaints" }), RolloutFixture.Cancel)).Failed);
        for (int i = 0; i < 4; i++)
        {
            _rollout.Run(RunOutcome.Failed, issue: $"octo/watch#bad{i}");
            await changed.MinuteAsync();
        }

        RolloutState state = await changed.StateAsync();
        Assert.Equal(AuditEntry.Guard, state.RolledBack?.By);
        Assert.True((await changed.Control.RunAsync("resume", RolloutFixture.By("ada", "mended"), RolloutFixture.Cancel)).Failed);
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.On);
        Assert.Equal(OperationResult.DoneCode, (await changed.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), RolloutFixture.Cancel)).Code);
        Assert.Equal("off", await changed.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task It_Fires_Also_While_The_Rollout_Is_Frozen()
    {
        await _rollout.Control.RunAsync("freeze", RolloutFixture.By("ada", "holidays"), RolloutFixture.Cancel);
        await GoodRunsAsync(18);
        for (int i = 0; i < 4; i++)
        {
            await FailAsync();
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.NotNull(state.RolledBack);
        Assert.NotNull(state.Frozen);
    }

    [Fact]
    public async Task A_Burst_Is_Counted_However_Long_Ago_It_Ended()
    {
        await _rollout.MinuteAsync();
        _rollout.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (int _ in Enumerable.Range(0, 10))
        {
            _rollout.Run(RunOutcome.Failed);
        }

        _rollout.Time.Advance(TimeSpan.FromHours(30));

        Assert.Equal(GuardSignals.Errors, (await _rollout.MinuteAsync()).Decision?.Signal);
    }

    [Fact]
    public async Task When_Legacy_Runs_Fail_As_Often_It_Opens_An_Incident_And_Leaves_The_Flags()
    {
        await GoodRunsAsync(5);
        for (int i = 0; i < 4; i++)
        {
            _rollout.Run(RunOutcome.Failed, route: Logic.Legacy);
            Assert.Null((await FailAsync()).Decision);
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Null(state.RolledBack);
        Assert.Equal(("Old and new logic fail alike", GuardSignals.Errors), (Assert.Single(state.Incidents).Title, state.Incidents[0].Signal));
        Assert.Equal(0, state.Guard.Get(GuardSignals.Errors).Value);
    }

    [Fact]
    public async Task Two_Failing_Legacy_Runs_Are_Too_Few_To_Hold_A_Rollback_Back()
    {
        await GoodRunsAsync(5);
        _rollout.Run(RunOutcome.Failed, route: Logic.Legacy);
        _rollout.Run(RunOutcome.Failed, route: Logic.Legacy);
        GuardResult result = await FailAsync();
        for (int i = 0; i < 3; i++)
        {
            result = await FailAsync();
        }

        Assert.True(result.RolledBack);
    }

    [Fact]
    public async Task Garbage_From_The_Model_Falls_Back_To_Legacy_Analysis_Within_Five_Issues()
    {
        await GoodRunsAsync(18);
        GuardResult result = await _rollout.MinuteAsync();
        for (int i = 0; i < 5 && result.Decision is null; i++)
        {
            _rollout.Run(RunOutcome.Waiting, reason: "model-malformed");
            result = await _rollout.MinuteAsync();
        }

        Assert.Equal((RollbackKind.Partial, Stage.Analysis), (result.Decision?.Kind, result.Decision?.Stage));
        Assert.Equal(("off", "on"), (await _rollout.FlagAsync(FlagNames.Analysis), await _rollout.FlagAsync(FlagNames.AnalysisFallback)));
    }

    [Fact]
    public async Task One_Issue_Failing_Again_And_Again_Is_Not_The_Pipelines_Failure()
    {
        await GoodRunsAsync(18);
        for (int i = 0; i < 8; i++)
        {
            _rollout.Run(RunOutcome.Failed, issue: "octo/watch#poison");
            Assert.Null((await _rollout.MinuteAsync()).Decision);
        }
    }

    [Fact]
    public async Task A_Ledger_That_Cannot_Be_Read_Changes_Nothing()
    {
        await GoodRunsAsync(18);
        _rollout.Ledger.Broken = new IOException("disk");

        await Assert.ThrowsAsync<IOException>(_rollout.MinuteAsync);
        Assert.Null((await _rollout.StateAsync()).RolledBack);
    }

    [Fact]
    public async Task A_Rollback_By_Hand_Is_Noted_Also_When_The_Ledger_Cannot_Be_Read()
    {
        await GoodRunsAsync(18);
        _rollout.Ledger.Broken = new IOException("disk");
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);

        await Assert.ThrowsAsync<IOException>(_rollout.MinuteAsync);
        await Assert.ThrowsAsync<IOException>(_rollout.MinuteAsync);

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal((RollbackKind.Full, null), (state.RolledBack?.Kind, state.Transition));
        Assert.Single(state.Incidents);
        Assert.Equal("available", await _rollout.FlagAsync(FlagNames.LegacyCommands));
    }

    [Fact]
    public async Task Failures_Of_The_Legacy_Logic_Do_Not_Count_Against_The_New_One()
    {
        for (int i = 0; i < 40; i++)
        {
            _rollout.Run(RunOutcome.Failed, route: Logic.Legacy);
            Assert.Null((await _rollout.MinuteAsync()).Decision);
        }
    }

    [Fact]
    public async Task With_Automatic_Rollback_Off_It_Opens_One_Incident_And_Leaves_The_Flags()
    {
        _rollout.FlagStore.Set(FlagNames.AutomaticRollback, FlagSetting.Off);
        await GoodRunsAsync(18);
        for (int i = 0; i < 8; i++)
        {
            await FailAsync();
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Null(state.RolledBack);
        Assert.Single(state.Incidents);
        Assert.Equal("label beta-test + 50 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task With_Automatic_Rollback_Off_An_Older_Incident_Hides_No_Other_Trigger()
    {
        _rollout.FlagStore.Set(FlagNames.AutomaticRollback, FlagSetting.Off);
        await GoodRunsAsync(18);
        GuardResult report = await _rollout.MinuteAsync();
        for (int i = 0; i < 8; i++)
        {
            report = await FailAsync();
        }

        Assert.Equal((GuardSignals.Errors, false), (report.Decision?.Signal, report.RolledBack));
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        await _rollout.MinuteAsync();
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal([GuardSignals.Errors, GuardSignals.TextLost], state.Incidents.Select(i => i.Signal));
        Assert.Equal(2, state.Incidents[1].Notes.Count);
        Assert.Null(state.RolledBack);
    }

    [Fact]
    public async Task Lost_Text_That_Rolls_Nothing_Back_Has_No_Run_Counted_Again()
    {
        _rollout.FlagStore.Set(FlagNames.AutomaticRollback, FlagSetting.Off);
        await GoodRunsAsync(3);
        await FailAsync();
        GuardState before = (await _rollout.StateAsync()).Guard;
        _rollout.Run(RunOutcome.Critical, reason: RunStatistics.TextLostCode);

        await _rollout.MinuteAsync();

        GuardState after = (await _rollout.StateAsync()).Guard;
        Assert.NotEmpty(before.CountedRuns);
        Assert.Equal(before.CountedThrough, after.CountedThrough);
        Assert.Equal(before.CountedRuns, after.CountedRuns);
        Assert.Equal(0, after.Get(GuardSignals.Errors).Value);
    }

    [Fact]
    public async Task Runs_From_Before_A_Resume_Are_Not_Held_Against_It()
    {
        await GoodRunsAsync(18);
        for (int i = 0; i < 4; i++)
        {
            await FailAsync();
        }

        await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), RolloutFixture.Cancel);
        await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "fixed"), RolloutFixture.Cancel);
        for (int i = 0; i < 10; i++)
        {
            _rollout.Time.Advance(TimeSpan.FromSeconds(10));
            _rollout.Run();
            Assert.Null((await _rollout.MinuteAsync()).Decision);
        }

        Assert.Equal("label beta-test + 50 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task The_Pipeline_Switched_Off_By_Hand_Is_A_Rollback_Nobody_Overwrites()
    {
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);
        await _rollout.MinuteAsync();
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal((RollbackKind.Full, "outside"), (state.RolledBack?.Kind, state.RolledBack?.By));
        Assert.Single(state.Incidents);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal(1, _rollout.Store.Audit.Count(e => e.What == "drift"));
        Assert.Equal("available", await _rollout.FlagAsync(FlagNames.LegacyCommands));
        Assert.Null(state.Transition);
        Assert.Empty(state.Drift);
    }

    [Fact]
    public async Task A_Flag_Changed_Outside_Is_Audited_Once_And_Left()
    {
        _rollout.FlagStore.Set(FlagNames.Comparison, FlagSetting.On);
        await _rollout.MinuteAsync();
        await _rollout.MinuteAsync();

        Assert.Equal(FlagNames.Comparison, Assert.Single((await _rollout.StateAsync()).Drift).Flag);
        Assert.Equal(1, _rollout.Store.Audit.Count(e => e.What == "drift"));
        _rollout.FlagStore.Set(FlagNames.Comparison, FlagSetting.Off);
        await _rollout.MinuteAsync();
        Assert.Empty((await _rollout.StateAsync()).Drift);
        Assert.Equal(1, _rollout.Store.Audit.Count(e => e.What == "drift-ended"));
    }

    [Fact]
    public async Task A_Change_Cut_Short_By_A_Crash_Is_Finished_By_The_Next_Round()
    {
        int writes = 0;
        _rollout.FlagStore.OnWrite = _ => ++writes > 1 ? new FlagWriteResult.Failed("it answers 503.") : null;
        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), RolloutFixture.Cancel);
        Assert.Equal(OperationResult.PendingCode, result.Code);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal("deprecated", await _rollout.FlagAsync(FlagNames.LegacyCommands));

        _rollout.FlagStore.OnWrite = _ => null;
        await _rollout.MinuteAsync();

        Assert.Equal("available", await _rollout.FlagAsync(FlagNames.LegacyCommands));
        Assert.Null((await _rollout.StateAsync()).Transition);
        Assert.Equal(2, _rollout.Store.Audit.Count(e => e.What == "flag"));
    }

    [Fact]
    public async Task It_Watches_Also_While_A_Change_Of_Flags_Cannot_Be_Finished()
    {
        _rollout.FlagStore.OnWrite = name => name == FlagNames.LegacyCommands ? new FlagWriteResult.Failed("the flag is locked (409).") : null;
        OperationResult advanced = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), RolloutFixture.Cancel);
        Assert.Equal(OperationResult.PendingCode, advanced.Code);
        await GoodRunsAsync(18);
        for (int i = 0; i < 8; i++)
        {
            await FailAsync();
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal((RollbackKind.Full, AuditEntry.Guard), (state.RolledBack?.Kind, state.RolledBack?.By));
        Assert.Single(state.Incidents);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    private async Task GoodRunsAsync(int count)
    {
        await _rollout.States.ReadAsync(RolloutFixture.Cancel);
        _rollout.Time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < count; i++)
        {
            _rollout.Run();
        }

        _rollout.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<GuardResult> FailAsync(Stage? failing = null)
    {
        _rollout.Run(RunOutcome.Failed, failing: failing);
        return await _rollout.MinuteAsync();
    }
}
