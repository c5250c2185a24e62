using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Operations;

/// <summary>Changes of several flags that cannot be written at once, or that overlap.</summary>
public sealed class TransitionRunnerTests : IDisposable
{
    private RolloutFixture _rollout = new("half");

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task A_Rollback_Is_Told_As_Done_When_Its_Flags_Are_Written_And_Not_Before()
    {
        await _rollout.Flags.CurrentAsync(Cancel);
        _rollout.FlagStore.Down = "it answers 503.";
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.DoesNotContain(state.Outbox, a => a.Topic == Topics.RollbackDone);
        Announcement pending = Assert.Single(state.Outbox, a => a.Title.StartsWith("NOT done yet", StringComparison.Ordinal));
        Assert.Contains(pending.Lines, l => l.Contains("503", StringComparison.Ordinal));

        _rollout.FlagStore.Down = null;
        await _rollout.MinuteAsync();
        Announcement done = Assert.Single((await _rollout.StateAsync()).Outbox, a => a.Topic == Topics.RollbackDone);
        Assert.Equal("INC-1", done.IncidentId);
    }

    [Fact]
    public async Task A_Write_Of_An_Overtaken_Advance_That_Lands_After_The_Rollback_Is_Set_Right_At_Once()
    {
        Use("development");
        await _rollout.ConfirmAllAsync();
        bool raced = false;
        _rollout.FlagStore.OnWrite = flag =>
        {
            // The rollback comes between the advance's last look and the landing of its write: it finds the pipeline off and has nothing to write there.
            if (flag == FlagNames.UnifiedPipeline && !raced)
            {
                raced = true;
                _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "stop"), Cancel).GetAwaiter().GetResult();
                Assert.Equal("off", _rollout.FlagAsync(FlagNames.UnifiedPipeline).GetAwaiter().GetResult());
            }

            return null;
        };

        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go"), Cancel);

        Assert.True(raced);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "flag", Reason: "repair", After: "off" });
        for (int i = 0; i < 4; i++)
        {
            await _rollout.MinuteAsync();
        }

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal((RollbackKind.Full, null, null), (state.RolledBack?.Kind, state.Transition, state.Superseded));
        Assert.Empty(state.Drift);
    }

    [Fact]
    public async Task A_Change_Forward_Does_Not_Go_Past_A_Flag_That_Cannot_Be_Written()
    {
        Use("development");
        await _rollout.ConfirmAllAsync();
        _rollout.FlagStore.OnWrite = flag => flag == FlagNames.AutomaticRollback ? new FlagWriteResult.Failed("the flag is locked (409).") : null;

        OperationResult result = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go"), Cancel);

        Assert.Equal(OperationResult.PendingCode, result.Code);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        _rollout.FlagStore.OnWrite = _ => null;
        await _rollout.MinuteAsync();
        Assert.Equal(("on", "label beta-test"), (await _rollout.FlagAsync(FlagNames.AutomaticRollback), await _rollout.FlagAsync(FlagNames.UnifiedPipeline)));
    }

    [Fact]
    public async Task A_Rollback_Takes_Back_What_It_Can_Past_A_Flag_That_Cannot_Be_Written()
    {
        _rollout.FlagStore.OnWrite = flag => flag == FlagNames.AnalysisFallback ? new FlagWriteResult.Failed("the flag is locked (409).") : null;
        _rollout.FlagStore.Set(FlagNames.AnalysisFallback, FlagSetting.Off);

        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke", r => r with { Stage = "analysis" }), Cancel);

        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.Analysis));
    }

    [Fact]
    public async Task A_Partial_Rollback_Does_Not_Carry_A_Stuck_Advance_Further_And_Overwrites_No_Change_Made_Meanwhile()
    {
        Use("parallel");
        _rollout.FlagStore.OnWrite = flag => flag == FlagNames.Comparison ? new FlagWriteResult.Failed("the flag is locked (409).") : null;
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggers, FlagSetting.Off);

        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "guidance is wrong", r => r with { Stage = "preparation" }), Cancel);

        Assert.Equal(("off", "label beta-test + 20 %"), (await _rollout.FlagAsync(FlagNames.Preparation), await _rollout.FlagAsync(FlagNames.UnifiedPipeline)));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.AutomaticTriggers));
        await _rollout.MinuteAsync();
        Assert.Equal(FlagNames.AutomaticTriggers, Assert.Single((await _rollout.StateAsync()).Drift).Flag);
    }

    [Fact]
    public async Task Flags_Read_Before_Our_Own_Last_Change_Are_No_Rollback_By_Hand()
    {
        Use("development");
        await _rollout.ConfirmAllAsync();
        await _rollout.Flags.CurrentAsync(Cancel);
        _rollout.FlagStore.OnWrite = flag =>
        {
            if (flag == FlagNames.UnifiedPipeline)
            {
                _rollout.FlagStore.DownAfterThisWrite = "it answers 503.";
                _rollout.Time.Advance(TimeSpan.FromSeconds(1));
            }

            return null;
        };
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go"), Cancel);
        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(("soft-launch", null), (state.Phase, state.RolledBack));
        Assert.Empty(state.Drift);
        Assert.Empty(state.Incidents);
    }

    [Fact]
    public async Task A_Pipeline_Switched_Off_In_The_Portal_Just_After_A_Resume_Stays_Off()
    {
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);
        await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "mended"), Cancel);
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);

        await _rollout.MinuteAsync();

        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal("outside", (await _rollout.StateAsync()).RolledBack?.By);
    }

    [Fact]
    public async Task A_No_Go_After_A_Rollback_Puts_The_Unmet_Criteria_Into_Its_Incident()
    {
        Use("soft-launch");
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "smoke"), Cancel);

        OperationResult result = await _rollout.Control.RunAsync("no-go", RolloutFixture.By("ada", "not yet"), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        Incident incident = Assert.Single((await _rollout.StateAsync()).Incidents);
        Assert.Contains("Go decided: open", incident.Notes[^1].Text, StringComparison.Ordinal);
        Assert.Contains((await _rollout.StateAsync()).Outbox, a => a.Topic == Topics.IncidentUpdated && a.Lines.Any(l => l.Contains("Go decided", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Flags_Changed_Outside_Can_Be_Put_Back_Without_Advancing()
    {
        _rollout.FlagStore.Set(FlagNames.Comparison, FlagSetting.On);

        OperationResult asked = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "tidy"), Cancel);
        OperationResult done = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "tidy", r => r with { OverwriteDrift = true }), Cancel);

        Assert.Equal((OperationResult.RefusedCode, OperationResult.DoneCode), (asked.Code, done.Code));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.Comparison));
        Assert.Equal([FlagNames.Comparison], _rollout.FlagStore.Writes);
    }

    private void Use(string phase)
    {
        _rollout.Dispose();
        _rollout = new RolloutFixture(phase);
    }
}
