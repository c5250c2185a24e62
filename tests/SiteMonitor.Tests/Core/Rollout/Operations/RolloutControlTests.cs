using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Operations;

public sealed class RolloutControlTests : IDisposable
{
    private RolloutFixture _rollout = new();

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task An_Open_Gate_Refuses_And_Shows_Each_Criterion()
    {
        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel);

        Assert.Equal(OperationResult.RefusedCode, result.Code);
        Assert.Equal(_rollout.Plan.Phases[0].Gate.Count, result.Criteria.Count);
        Assert.All(result.Criteria, c => Assert.Equal(CriterionState.Open, c.State));
        Assert.Equal("development", (await _rollout.StateAsync()).Phase);
        Assert.Empty(_rollout.FlagStore.Writes);
    }

    [Fact]
    public async Task With_Everything_Confirmed_It_Advances_And_Writes_The_Flags_With_The_Pipeline_Last()
    {
        await _rollout.ConfirmAllAsync();
        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(("soft-launch", null), (state.Phase, state.Transition));
        Assert.Equal("label beta-test", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal(FlagNames.UnifiedPipeline, _rollout.FlagStore.Writes[^1]);
        Assert.Contains(state.Outbox, a => a.Topic == Topics.RolloutAnnounced);
        Assert.Contains(state.Outbox, a => a.Topic == Topics.PhaseEntered);
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "advance", Who: "ada", Before: "development", After: "soft-launch" });
    }

    [Fact]
    public async Task The_Rollout_Is_Announced_Before_The_Launch_And_Not_Again_By_It()
    {
        OperationResult planned = await _rollout.Control.RunAsync("announce", RolloutFixture.By("ada", with: r => r with { DryRun = true }), Cancel);
        Assert.Equal(OperationResult.PlannedCode, planned.Code);
        Assert.Empty((await _rollout.StateAsync()).Outbox);

        await _rollout.Control.RunAsync("announce", RolloutFixture.By("ada", "launching in week 3"), Cancel);
        Announcement told = Assert.Single((await _rollout.StateAsync()).Outbox);
        Assert.Equal((Topics.RolloutAnnounced, "launching in week 3"), (told.Topic, told.Lines[0]));
        Assert.Contains(told.Lines, l => l.StartsWith("Benefit: ", StringComparison.Ordinal));
        Assert.Contains(told.Lines, l => l.StartsWith("1. Soft launch (beta): ", StringComparison.Ordinal));
        Assert.Contains(told.Lines, l => l.StartsWith("What to expect: ", StringComparison.Ordinal));
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "announce", Who: "ada" });

        OperationResult again = await _rollout.Control.RunAsync("announce", RolloutFixture.By("ada"), Cancel);
        Assert.Contains("announced at 2026-11-02 08:00:00Z already", again.Title, StringComparison.Ordinal);
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);
        Assert.Equal(2, (await _rollout.StateAsync()).Outbox.Count(a => a.Topic == Topics.RolloutAnnounced));
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("announce", RolloutFixture.By("ada"), Cancel)).Code);
    }

    [Fact]
    public async Task A_Dry_Run_Says_Which_Flags_Would_Change_And_Changes_Nothing()
    {
        await _rollout.ConfirmAllAsync();
        int audited = _rollout.Store.Audit.Count;

        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", with: r => r with { DryRun = true }), Cancel);

        Assert.Equal(OperationResult.PlannedCode, result.Code);
        Assert.Contains(result.Flags, f => f is { Flag: FlagNames.UnifiedPipeline, Before: "off", After: "label beta-test" });
        Assert.Equal("development", (await _rollout.StateAsync()).Phase);
        Assert.Empty(_rollout.FlagStore.Writes);
        Assert.Equal(audited, _rollout.Store.Audit.Count);
    }

    [Fact]
    public async Task Forcing_Needs_A_Reason_And_Is_Audited_With_What_Was_Not_Met()
    {
        OperationResult refused = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", with: r => r with { Force = true }), Cancel);
        OperationResult forced = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "the board said so", r => r with { Force = true }), Cancel);

        Assert.Equal((OperationResult.InvalidCode, OperationResult.DoneCode), (refused.Code, forced.Code));
        AuditEntry entry = Assert.Single(_rollout.Store.Audit, e => e.What == "advance");
        Assert.Contains("the board said so (forced; not met: backtest, code-merged", entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_Twenty_Who_Advance_At_Once_One_Does()
    {
        await _rollout.ConfirmAllAsync();
        OperationResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => _rollout.Control.RunAsync("advance", RolloutFixture.By($"op{i}", "go", r => r with { Phase = "development", Force = true }), Cancel), Cancel)));

        Assert.Single(results, r => r.Changed);
        Assert.Equal("soft-launch", (await _rollout.StateAsync()).Phase);
        Assert.Single(_rollout.Store.Audit, e => e.What == "advance");
    }

    [Fact]
    public async Task A_Flag_Changed_Outside_Is_Not_Overwritten_Without_Being_Asked()
    {
        await _rollout.ConfirmAllAsync();
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggers, FlagSetting.On);

        OperationResult refused = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel);
        Assert.Equal(OperationResult.RefusedCode, refused.Code);
        Assert.Contains("AutomaticTriggers is on, the plan says off", refused.Lines);
        Assert.Equal("on", await _rollout.FlagAsync(FlagNames.AutomaticTriggers));

        OperationResult asked = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", with: r => r with { OverwriteDrift = true }), Cancel);
        Assert.Equal(OperationResult.DoneCode, asked.Code);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.AutomaticTriggers));
    }

    [Fact]
    public async Task A_Flag_Changed_While_The_Others_Are_Written_Is_Left_And_Said()
    {
        await _rollout.ConfirmAllAsync();
        _rollout.FlagStore.OnWrite = name =>
        {
            _rollout.FlagStore.OnWrite = _ => null;
            _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, new FlagSetting { Enabled = true, Labels = ["beta-test"], Percentage = 77 });
            return null;
        };

        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel);

        Assert.Equal("label beta-test + 77 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Contains(result.Lines, l => l.StartsWith("UnifiedPipeline was changed meanwhile", StringComparison.Ordinal));
        Assert.Single(_rollout.Store.Audit, e => e.What == "flag-kept");
    }

    [Fact]
    public async Task A_Conflict_On_One_Flag_Is_Read_Again_And_The_Teams_Own_Targets_Survive()
    {
        Use("soft-launch");
        string own = """
            {"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]}},
            {"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["octo/watch#1"],"Groups":[],"DefaultRolloutPercentage":0}}}]}}
            """;
        var before = (FlagReadResult.Loaded)await _rollout.FlagStore.ReadAsync(null, Cancel);
        await _rollout.FlagStore.WriteAsync(FlagNames.UnifiedPipeline, own, before.Snapshot.Find(FlagNames.UnifiedPipeline)!.ETag, Cancel);
        int conflicts = 0;
        _rollout.FlagStore.OnWrite = _ => ++conflicts % 2 == 1 ? new FlagWriteResult.Conflict() : null;

        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        Assert.Equal("label beta-test + 20 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Contains("octo/watch#1", (await _rollout.Flags.RefreshAsync(Cancel)).Find(FlagNames.UnifiedPipeline)!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Freeze_And_Rollback_Are_Lifted_Separately()
    {
        Use("parallel");
        await _rollout.Control.RunAsync("freeze", RolloutFixture.By("ada", "audit week"), Cancel);
        OperationResult advance = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "x", r => r with { Force = true }), Cancel);
        Assert.Contains("frozen", advance.Title, StringComparison.Ordinal);
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));

        OperationResult unfrozen = await _rollout.Control.RunAsync("unfreeze", RolloutFixture.By("ada"), Cancel);
        RolloutState rolledBack = await _rollout.StateAsync();
        await _rollout.Control.RunAsync("freeze", RolloutFixture.By("ada", "again"), Cancel);
        OperationResult resumed = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "fixed"), Cancel);

        Assert.Equal((OperationResult.DoneCode, OperationResult.DoneCode), (unfrozen.Code, resumed.Code));
        Assert.Equal((null, RollbackKind.Full), (rolledBack.Frozen, rolledBack.RolledBack?.Kind));
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(("again", null), (state.Frozen?.Reason, state.RolledBack));
        Assert.Equal("label beta-test + 20 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "x"), Cancel)).Code);
        Assert.NotNull((await _rollout.StateAsync()).Frozen);
    }

    [Fact]
    public async Task Resume_Refuses_While_Nobody_Has_Acknowledged_The_Incident_Unless_Forced_With_A_Reason()
    {
        Use("half");
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);
        await _rollout.MinuteAsync();

        OperationResult refused = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "fixed"), Cancel);
        OperationResult noReason = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", with: r => r with { Force = true }), Cancel);
        OperationResult forced = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "I saw it", r => r with { Force = true }), Cancel);

        Assert.Equal((OperationResult.RefusedCode, OperationResult.InvalidCode, OperationResult.DoneCode), (refused.Code, noReason.Code, forced.Code));
        Assert.Contains("incidents acknowledge INC-1", refused.Next, StringComparison.Ordinal);
        Assert.Contains("INC-1 was not acknowledged", Assert.Single(_rollout.Store.Audit, e => e.What == "resume").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rollback_By_A_Person_Acknowledges_Its_Incident_And_A_Full_One_Renames_A_Partial_Ones()
    {
        Use("half");
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke", r => r with { Stage = "analysis" }), Cancel);
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "fire"), Cancel);

        Incident incident = Assert.Single((await _rollout.StateAsync()).Incidents);

        Assert.Equal(("ada", "Full rollback in phase half"), (incident.AcknowledgedBy, incident.Title));
    }

    [Fact]
    public async Task A_Step_Back_Sets_The_Earlier_Phases_Flags_And_Restarts_Evidence_And_Soak()
    {
        Use("half");
        await _rollout.StateAsync();
        _rollout.Time.Advance(TimeSpan.FromDays(2));
        OperationResult noReason = await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", with: r => r with { DryRun = true }), Cancel);
        OperationResult plan = await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "too early", r => r with { DryRun = true }), Cancel);
        Assert.Equal("half", (await _rollout.StateAsync()).Phase);

        OperationResult back = await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "too early"), Cancel);

        Assert.Equal((OperationResult.InvalidCode, OperationResult.PlannedCode, OperationResult.DoneCode), (noReason.Code, plan.Code, back.Code));
        Assert.Contains(plan.Flags, f => f is { Flag: FlagNames.UnifiedPipeline, After: "label beta-test + 20 %" });
        RolloutState state = await _rollout.StateAsync();
        DateTimeOffset now = _rollout.Time.GetUtcNow();
        Assert.Equal(("parallel", now, now, now), (state.Phase, state.PhaseSince, state.EvidenceFrom, state.SoakFrom));
        Assert.Equal("label beta-test + 20 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "back", Before: "half", After: "parallel", Reason: "too early" });
        Assert.Contains(state.Outbox, a => a.Topic == Topics.PhaseEntered && a.Title.StartsWith("Back to phase parallel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Step_Back_Is_Refused_While_Frozen_Or_Rolled_Back_And_In_The_First_Phase()
    {
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "x"), Cancel)).Code);
        Use("half");
        await _rollout.Control.RunAsync("freeze", RolloutFixture.By("ada", "holidays"), Cancel);
        Assert.Equal(OperationResult.RefusedCode, (await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "x"), Cancel)).Code);
        await _rollout.Control.RunAsync("unfreeze", RolloutFixture.By("ada"), Cancel);
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);
        Assert.Equal(OperationResult.RefusedCode, (await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "x"), Cancel)).Code);
    }

    [Fact]
    public async Task A_Rollback_Works_While_The_Flag_Store_Is_Down_As_Soon_As_It_Is_Up_Again()
    {
        Use("half");
        await _rollout.Flags.CurrentAsync(Cancel);
        _rollout.FlagStore.Down = "no connection.";
        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);

        Assert.Equal(OperationResult.PendingCode, result.Code);
        Assert.Contains(result.Lines, l => l.Contains("no connection.", StringComparison.Ordinal));
        _rollout.FlagStore.Down = null;
        await _rollout.MinuteAsync();
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Empty((await _rollout.StateAsync()).Drift);
    }

    [Fact]
    public async Task An_Advance_That_A_Rollback_Overtakes_Writes_Nothing_After_It()
    {
        OnFirstWriteRollBack();
        OperationResult advanced = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);

        Assert.Equal(OperationResult.PendingCode, advanced.Code);
        Assert.DoesNotContain(advanced.Lines, l => l.Contains("tries again", StringComparison.Ordinal));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        await _rollout.MinuteAsync();
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal((RollbackKind.Full, null), (state.RolledBack?.Kind, state.Transition));
        Assert.Equal(_rollout.FlagStore.Writes.Count, _rollout.Store.Audit.Count(e => e.What == "flag"));
    }

    [Fact]
    public async Task A_Pipeline_Switched_On_Again_Outside_After_A_Rollback_Can_Be_Rolled_Back_Again()
    {
        Use("half");
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "me too"), Cancel)).Code);
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "me too", r => r with { Stage = "analysis" }), Cancel)).Code);
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.On);

        Assert.Equal(OperationResult.DoneCode, (await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "it burns again"), Cancel)).Code);

        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Single((await _rollout.StateAsync()).Incidents);
        await _rollout.MinuteAsync();
    }

    [Fact]
    public async Task A_Full_Rollback_Follows_A_Stage_And_Other_Flags_Changed_By_Hand()
    {
        Use("half");
        _rollout.FlagStore.Set(FlagNames.Preparation, FlagSetting.Off);
        _rollout.FlagStore.Set(FlagNames.LegacyCommands, FlagSetting.On with { Variant = "removed" });
        await _rollout.MinuteAsync();
        Assert.Equal(RollbackKind.Partial, (await _rollout.StateAsync()).RolledBack?.Kind);

        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);
        await _rollout.MinuteAsync();

        Assert.Equal(("off", "available"), (await _rollout.FlagAsync(FlagNames.UnifiedPipeline), await _rollout.FlagAsync(FlagNames.LegacyCommands)));
        Assert.Empty((await _rollout.StateAsync()).Drift);
    }

    [Fact]
    public async Task A_No_Go_Takes_Flags_Back_And_Opens_An_Incident_With_The_Unmet_Criteria()
    {
        Use("soft-launch");
        OperationResult result = await _rollout.Control.RunAsync("no-go", RolloutFixture.By("ada", "not yet"), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal("no-go: not yet", state.RolledBack!.Reason);
        Assert.Contains(Assert.Single(state.Incidents).Notes, n => n.Text.Contains("Go decided: open", StringComparison.Ordinal));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task A_Confirmation_Can_Be_Withdrawn_And_A_Measure_Cannot_Be_Confirmed()
    {
        Use("soft-launch");
        await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", "met at noon", r => r with { Criterion = "go" }), Cancel);
        CriterionResult go = (await _rollout.GateAsync()).Single(c => c.Id == "go");
        Assert.Equal((CriterionState.Met, "confirmed by ada"), (go.State, go.Value));

        await _rollout.Control.RunAsync("withdraw", RolloutFixture.By("bob", "changed my mind", r => r with { Criterion = "go" }), Cancel);
        Assert.Equal(CriterionState.Open, (await _rollout.GateAsync()).Single(c => c.Id == "go").State);

        OperationResult measured = await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", "x", r => r with { Criterion = "mean-duration" }), Cancel);
        OperationResult unknown = await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", "x", r => r with { Criterion = "moon" }), Cancel);
        Assert.Contains("measured", measured.Title, StringComparison.Ordinal);
        Assert.Contains("team-confidence", unknown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Confirmation_And_Its_Withdrawal_Need_A_Note()
    {
        Use("soft-launch");
        OperationResult confirmed = await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", " ", r => r with { Criterion = "go" }), Cancel);
        await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", "met at noon", r => r with { Criterion = "go" }), Cancel);
        OperationResult withdrawn = await _rollout.Control.RunAsync("withdraw", RolloutFixture.By("bob", with: r => r with { Criterion = "go" }), Cancel);

        Assert.Equal((OperationResult.InvalidCode, OperationResult.InvalidCode), (confirmed.Code, withdrawn.Code));
        Assert.Contains("rollout confirm go --reason", confirmed.Next, StringComparison.Ordinal);
        Assert.Contains("rollout withdraw go --reason", withdrawn.Next, StringComparison.Ordinal);
        Assert.Equal("met at noon", Assert.Single((await _rollout.StateAsync()).Confirmations).Note);
    }

    [Fact]
    public async Task A_Rehearsed_Rollback_Shows_What_It_Writes_Also_Where_All_Is_Off()
    {
        OperationResult drill = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", with: r => r with { DryRun = true }), Cancel);

        Assert.Equal(["A rollback sets UnifiedPipeline: off (now off)", "A rollback sets LegacyCommands: available (now available)"], drill.Lines);
        Use("half");
        OperationResult stage = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", with: r => r with { DryRun = true, Stage = "analysis" }), Cancel);
        Assert.Equal(("UnifiedPipeline.Analysis", "on", "off"), (stage.Flags[0].Flag, stage.Flags[0].Before, stage.Flags[0].After));
        Assert.Null((await _rollout.StateAsync()).RolledBack);
    }

    [Fact]
    public async Task A_Plan_Names_Its_Phase_And_With_It_Is_A_Conflict_Once_A_Colleague_Has_Gone_On()
    {
        Use("half");
        OperationResult planned = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { DryRun = true, Force = true }), Cancel);
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("bob", "go", r => r with { Force = true }), Cancel);

        OperationResult late = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true, Phase = planned.Phase }), Cancel);

        Assert.Equal(("half", OperationResult.ConflictCode), (planned.Phase, late.Code));
        Assert.Equal("full", (await _rollout.StateAsync()).Phase);
    }

    [Fact]
    public async Task Without_A_Name_Nothing_Is_Done()
    {
        OperationResult result = await _rollout.Control.RunAsync("freeze", RolloutFixture.By(" ", "x"), Cancel);

        Assert.Equal(OperationResult.InvalidCode, result.Code);
        Assert.Null((await _rollout.StateAsync()).Frozen);
    }

    [Fact]
    public async Task The_Soft_Launch_Gate_Asks_For_The_Expected_Outcome_Of_Each_Beta_Issue()
    {
        Use("soft-launch");
        Assert.Contains("rollout beta-issues", (await _rollout.Status.ReadAsync(Cancel)).Next, StringComparison.Ordinal);
        await _rollout.States.UpdateUntilSavedAsync(
            edit => edit.State = edit.State with
            {
                BetaIssues = [.. _rollout.Plan.BetaIssues.Select((b, i) => new OpenedBetaIssue($"octo/watch#{i + 1}", b.Title, b.Expected))],
            },
            Cancel);
        for (int i = 0; i < 4; i++)
        {
            _rollout.Run(seconds: 12);
        }

        Assert.Equal(CriterionState.Open, await StateOfAsync("beta-issues"));
        RolloutStatus opened = await _rollout.Status.ReadAsync(Cancel);
        Assert.StartsWith("process-pipeline --issue", opened.Next, StringComparison.Ordinal);
        Assert.Contains("octo/watch#5 has not run yet", opened.Next, StringComparison.Ordinal);
        Assert.DoesNotContain("rollout gate", opened.Next, StringComparison.Ordinal);
        RunRecord unanswered = _rollout.Run(RunOutcome.Waiting, reason: "model-malformed", seconds: 12);
        CriterionResult unexpected = (await _rollout.GateAsync()).Single(c => c.Id == "beta-issues");
        Assert.Equal((CriterionState.Unmet, "4 of 5 issues"), (unexpected.State, unexpected.Value));
        Assert.Contains("octo/watch#5 ended as waiting (model-malformed), expected waiting", unexpected.Detail, StringComparison.Ordinal);
        _rollout.Time.Advance(TimeSpan.FromMinutes(1));
        _rollout.Run(RunOutcome.Waiting, issue: unanswered.Issue, reason: "needs-clarification", seconds: 12);

        Assert.Equal(CriterionState.Met, await StateOfAsync("beta-issues"));
        Assert.Equal(CriterionState.Met, await StateOfAsync("mean-duration"));
        Assert.Equal(CriterionState.Met, await StateOfAsync("transitions"));
        await _rollout.ConfirmAllAsync();
        Assert.Equal(OperationResult.DoneCode, (await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel)).Code);
    }

    [Fact]
    public async Task Where_Legacy_Chose_Rarely_A_Person_Confirms_That_The_Comparison_Says_Enough()
    {
        Use("parallel");
        await _rollout.StateAsync();
        for (int i = 0; i < 20; i++)
        {
            _rollout.Comparisons.Add($"octo/watch#{i}", _rollout.Time.GetUtcNow(), specialists: i < 9 ? ["osint-researcher"] : []);
        }

        CriterionResult few = (await _rollout.GateAsync()).Single(c => c.Id == "few-legacy-choices");
        CriterionResult consistency = (await _rollout.GateAsync()).Single(c => c.Id == "consistency");
        Assert.Equal((CriterionState.Open, "9"), (few.State, few.Value));
        Assert.Contains("octo/watch#0, octo/watch#1", few.Detail, StringComparison.Ordinal);
        Assert.Contains("on 9 both sides chose a specialist", consistency.Detail, StringComparison.Ordinal);

        await _rollout.Control.RunAsync("confirm", RolloutFixture.By("ada", "read all 20", r => r with { Criterion = "few-legacy-choices" }), Cancel);
        Assert.Equal(CriterionState.Met, await StateOfAsync("few-legacy-choices"));
        await _rollout.Control.RunAsync("withdraw", RolloutFixture.By("ada", "not sure", r => r with { Criterion = "few-legacy-choices" }), Cancel);
        _rollout.Comparisons.Add("octo/watch#20", _rollout.Time.GetUtcNow(), specialists: ["osint-researcher"]);
        Assert.Equal(CriterionState.Met, await StateOfAsync("few-legacy-choices"));
    }

    [Fact]
    public async Task The_P95_Of_The_Phase_Is_Compared_With_That_Of_As_Many_Runs_Before_It()
    {
        Use("half");
        await _rollout.StateAsync();
        for (int i = 0; i < 25; i++)
        {
            _rollout.Run(seconds: 10);
        }

        _rollout.Time.Advance(TimeSpan.FromDays(1));
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);
        for (int i = 0; i < 19; i++)
        {
            _rollout.Run(seconds: 12);
        }

        Assert.Equal(CriterionState.Open, await StateOfAsync("p95"));
        _rollout.Run(seconds: 12);
        Assert.Equal(CriterionState.Met, await StateOfAsync("p95"));
        for (int i = 0; i < 5; i++)
        {
            _rollout.Run(seconds: 13);
        }

        CriterionResult slower = (await _rollout.GateAsync()).Single(c => c.Id == "p95");
        Assert.Equal((CriterionState.Unmet, "1.3 ×", 25), (slower.State, slower.Value, slower.Sample));
    }

    [Fact]
    public async Task The_Parallel_Gate_Counts_Compared_Issues_But_Not_Those_Legacy_Leaves_Unmatched()
    {
        Use("parallel");
        await _rollout.StateAsync();
        for (int i = 0; i < 19; i++)
        {
            _rollout.Run(seconds: 10);
            _rollout.Comparisons.Add($"octo/watch#{i}", _rollout.Time.GetUtcNow(), i == 0 ? DifferenceClassification.Accepted : DifferenceClassification.None);
        }

        _rollout.Run(seconds: 10);
        _rollout.Comparisons.Add("octo/watch#90", _rollout.Time.GetUtcNow(), unmatched: true);
        Assert.Equal(CriterionState.Open, await StateOfAsync("compared"));

        _rollout.Comparisons.Add("octo/watch#91", _rollout.Time.GetUtcNow(), DifferenceClassification.Unexplained);
        Assert.Equal((CriterionState.Met, CriterionState.Unmet), (await StateOfAsync("compared"), await StateOfAsync("consistency")));

        // The bug is mended and the issue compared again: the newest comparison counts.
        _rollout.Comparisons.Add("octo/watch#91", _rollout.Time.GetUtcNow().AddMinutes(1));
        await _rollout.ConfirmAllAsync();
        Assert.All(await _rollout.GateAsync(), c => Assert.Equal(CriterionState.Met, c.State));
    }

    [Fact]
    public async Task No_Data_Holds_And_A_Failure_To_Measure_Holds_And_Says_So()
    {
        Use("half");
        await _rollout.StateAsync();
        _rollout.Time.Advance(TimeSpan.FromDays(6));
        CriterionResult silent = (await _rollout.GateAsync()).Single(c => c.Id == "error-rate");
        Assert.Equal((CriterionState.Open, "no data"), (silent.State, silent.Value));

        _rollout.Ledger.Broken = new IOException("disk gone");
        CriterionResult broken = (await _rollout.GateAsync()).Single(c => c.Id == "error-rate");
        Assert.Equal(CriterionState.Open, broken.State);
        Assert.Contains("disk gone", broken.Detail, StringComparison.Ordinal);
        Assert.Equal(OperationResult.RefusedCode, (await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada"), Cancel)).Code);
    }

    [Fact]
    public async Task Below_200_Runs_The_Last_20_Must_Be_Without_An_Error_And_From_200_On_The_Rate_Below_One_Percent()
    {
        Use("half");
        await _rollout.StateAsync();
        _rollout.Run(RunOutcome.Failed);
        AddRuns(19);
        Assert.Equal(CriterionState.Unmet, await StateOfAsync("error-rate"));
        AddRuns(1);
        Assert.Equal(CriterionState.Met, await StateOfAsync("error-rate"));

        _rollout.Time.Advance(TimeSpan.FromSeconds(1));
        _rollout.Run(RunOutcome.Failed);
        AddRuns(178);
        Assert.Equal((CriterionState.Unmet, "1 %"), await ErrorRateAsync());
        AddRuns(1);
        Assert.Equal((CriterionState.Met, "0.5 %"), await ErrorRateAsync());

        async Task<(CriterionState State, string Value)> ErrorRateAsync() =>
            (await _rollout.GateAsync()).Single(c => c.Id == "error-rate") is var rate ? (rate.State, rate.Value) : default;
    }

    [Fact]
    public async Task Evidence_From_Before_A_Reset_Does_Not_Count()
    {
        Use("half");
        await _rollout.StateAsync();
        AddRuns(30);
        _rollout.Run(RunOutcome.Failed);
        _rollout.Time.Advance(TimeSpan.FromSeconds(1));

        await _rollout.Control.RunAsync("reset-evidence", RolloutFixture.By("ada", "fixed in 1.5.1"), Cancel);

        Assert.Equal(CriterionState.Open, await StateOfAsync("error-rate"));
        AddRuns(20);
        Assert.Equal(CriterionState.Met, await StateOfAsync("error-rate"));
    }

    [Fact]
    public async Task Runs_That_Failed_Before_The_Routing_Decision_Hold_The_Gate()
    {
        Use("parallel");
        await _rollout.StateAsync();
        for (int i = 0; i < 20; i++)
        {
            _rollout.Run();
        }

        Assert.Equal(CriterionState.Met, await StateOfAsync("errors"));
        _rollout.Unrouted("github-unauthorized");
        CriterionResult errors = (await _rollout.GateAsync()).Single(c => c.Id == "errors");
        Assert.Equal((CriterionState.Unmet, "21 runs; 1 failed before the routing decision"), (errors.State, errors.Detail));
    }

    [Fact]
    public async Task All_Traffic_Is_On_The_New_System_When_None_Of_The_Last_20_Issues_Went_Another_Way()
    {
        Use("full");
        await _rollout.StateAsync();
        _rollout.Run(route: Logic.Legacy);
        AddRuns(19);

        Assert.Equal(CriterionState.Unmet, await StateOfAsync("traffic"));
        AddRuns(1);
        Assert.Equal(CriterionState.Met, await StateOfAsync("traffic"));
    }

    private void AddRuns(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _rollout.Time.Advance(TimeSpan.FromSeconds(1));
            _rollout.Run();
        }
    }

    [Fact]
    public async Task Cleanup_Waits_For_A_Whole_Week_Without_A_Call_Of_An_Old_Command()
    {
        Use("cleanup");
        await _rollout.StateAsync();
        _rollout.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(CriterionState.Open, await StateOfAsync("old-commands"));
        _rollout.Ledger.Records.Add(_rollout.Run() with { Kind = RunKind.Command, RunId = "call" });
        Assert.Equal(CriterionState.Unmet, await StateOfAsync("old-commands"));
        _rollout.Time.Advance(TimeSpan.FromDays(7.1));
        Assert.Equal(CriterionState.Met, await StateOfAsync("old-commands"));
    }

    [Fact]
    public async Task Resume_And_A_Later_Phase_Let_Automatic_Starts_Take_Undone_Issues_Up_And_A_Step_Back_Does_Not()
    {
        Use("parallel");
        await UndoAsync();
        Assert.Equal(OperationResult.DoneCode, (await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "it is fixed"), Cancel)).Code);
        Assert.Null((await _rollout.StateAsync()).UndoneSince);
        Assert.Equal(OperationResult.NothingToDoCode, (await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "again"), Cancel)).Code);

        await UndoAsync();
        await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "too early"), Cancel);
        Assert.NotNull((await _rollout.StateAsync()).UndoneSince);
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);
        Assert.Null((await _rollout.StateAsync()).UndoneSince);
    }

    [Fact]
    public async Task A_Gate_May_Ask_That_People_Keep_The_Choices()
    {
        var kept = new Criterion
        {
            Id = "right-choice",
            Title = "People keep the choice of specialist",
            Measure = Measure.RightChoice,
            Is = Bound.AtLeast,
            Target = 0.9,
            MinimumSample = 10,
        };
        RolloutPlan plan = PlanParseResult.Default with
        {
            Phases = [.. PlanParseResult.Default.Phases.Select(p => p.Name == "half" ? p with { Gate = [.. p.Gate, kept] } : p)],
        };
        _rollout.Dispose();
        _rollout = new RolloutFixture("half", plan);
        await _rollout.StateAsync();
        Assert.Equal(CriterionState.Open, await StateOfAsync("right-choice"));
        for (int i = 0; i < 10; i++)
        {
            RunRecord run = _rollout.Run();
            _rollout.Ledger.Records[^1] = run with { Specialists = ["osint-researcher"] };
        }

        Assert.Equal(CriterionState.Met, await StateOfAsync("right-choice"));
        RunRecord last = _rollout.Ledger.Records[^1];
        _rollout.Ledger.Records.Add(last with { Kind = RunKind.Outcome, RunId = "outcome-1", ReasonCode = OutcomeCodes.SpecialistChanged });
        Assert.Equal(CriterionState.Met, await StateOfAsync("right-choice"));
        RunRecord other = _rollout.Ledger.Records[0];
        RunRecord closed = other with { Kind = RunKind.Outcome, RunId = "outcome-2", ReasonCode = OutcomeCodes.PullRequestClosed };
        _rollout.Ledger.Records.Add(closed);
        CriterionResult unmet = (await _rollout.GateAsync()).Single(c => c.Id == "right-choice");
        Assert.Equal((CriterionState.Unmet, "80 %", "≥ 90 % (n ≥ 10)"), (unmet.State, unmet.Value, unmet.Target));
    }

    private Task<RolloutState> UndoAsync() => _rollout.States.UpdateUntilSavedAsync(
        edit => edit.State = edit.State with { UndoneSince = edit.Now }, Cancel);

    private void OnFirstWriteRollBack() => _rollout.FlagStore.OnWrite = _ =>
    {
        _rollout.FlagStore.OnWrite = _ => null;
        _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "it burns"), Cancel).GetAwaiter().GetResult();
        return null;
    };

    private void Use(string phase)
    {
        _rollout.Dispose();
        _rollout = new RolloutFixture(phase);
    }

    private async Task<CriterionState> StateOfAsync(string criterion) => (await _rollout.GateAsync()).Single(c => c.Id == criterion).State;
}
