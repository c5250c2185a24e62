using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Guard;

/// <summary>Flags that somebody changes in the portal: nobody's change is overwritten without being asked, and what nobody can read was switched off by nobody.</summary>
public sealed class DriftRecorderTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task Resume_Asks_Before_It_Overwrites_A_Flag_Changed_Since_The_Rollback()
    {
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggers, FlagSetting.Off);

        OperationResult asked = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "mended"), Cancel);

        Assert.Equal(OperationResult.RefusedCode, asked.Code);
        Assert.Contains("AutomaticTriggers is off", Assert.Single(asked.Lines), StringComparison.Ordinal);
        Assert.Contains("--overwrite-drift", asked.Next, StringComparison.Ordinal);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));

        OperationResult resumed = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "mended", r => r with { OverwriteDrift = true }), Cancel);

        Assert.Equal(OperationResult.DoneCode, resumed.Code);
        Assert.Equal("on", await _rollout.FlagAsync(FlagNames.AutomaticTriggers));
        Assert.Equal("label beta-test + 50 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task After_A_Rollback_In_The_Portal_Resume_Asks_About_The_Other_Flags_Changed_There()
    {
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggersTimer, FlagSetting.Off);
        await _rollout.MinuteAsync();

        Assert.Equal(RollbackKind.Full, (await _rollout.StateAsync()).RolledBack?.Kind);
        OperationResult asked = await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "mended"), Cancel);

        Assert.Equal(OperationResult.RefusedCode, asked.Code);
        Assert.Contains("AutomaticTriggers.Timer", Assert.Single(asked.Lines), StringComparison.Ordinal);
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggersTimer, FlagSetting.On);
        await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), Cancel);
        Assert.Equal(OperationResult.DoneCode, (await _rollout.Control.RunAsync("resume", RolloutFixture.By("ada", "mended"), Cancel)).Code);
    }

    [Fact]
    public async Task A_Flag_That_Nobody_Can_Read_Is_Drift_And_No_Rollback_And_Is_Well_Again_When_It_Is_Put_Right()
    {
        string good = (await _rollout.Flags.RefreshAsync(Cancel)).Find(FlagNames.UnifiedPipeline)!.Json;
        _rollout.FlagStore.SetRaw(FlagNames.UnifiedPipeline, """{ "enabled": "perhaps" }""");
        await _rollout.MinuteAsync();

        RolloutState broken = await _rollout.StateAsync();
        Assert.Null(broken.RolledBack);
        Assert.Empty(broken.Incidents);
        Assert.Equal("off, has an invalid or missing 'enabled': it must be true or false", Assert.Single(broken.Drift).Actual);

        _rollout.FlagStore.SetRaw(FlagNames.UnifiedPipeline, good);
        await _rollout.MinuteAsync();
        Assert.Empty((await _rollout.StateAsync()).Drift);
    }

    [Fact]
    public async Task A_Flag_Changed_Outside_Is_Announced_Once_And_So_Is_That_It_Was_Put_Back()
    {
        _rollout.FlagStore.Set(FlagNames.AutomaticTriggersTimer, FlagSetting.Off);
        await _rollout.MinuteAsync();
        await _rollout.MinuteAsync();
        Assert.Contains("AutomaticTriggers.Timer is off, the plan says on", Assert.Single(await ToldAsync()).Lines);

        _rollout.FlagStore.Set(FlagNames.AutomaticTriggersTimer, FlagSetting.On);
        await _rollout.MinuteAsync();
        Assert.Equal("AutomaticTriggers.Timer is as planned again: on", Assert.Single((await ToldAsync())[1].Lines));
    }

    [Fact]
    public async Task A_Rollback_In_The_Portal_Is_Announced_As_Such_And_Not_As_A_Change_Too()
    {
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);
        await _rollout.MinuteAsync();

        Assert.Empty(await ToldAsync());
        Assert.Contains((await _rollout.StateAsync()).Outbox, a => a.Topic == Topics.RollbackDone);
    }

    [Fact]
    public async Task A_Rollback_Makes_A_Flag_That_Nobody_Can_Read_A_Plain_Off()
    {
        _rollout.FlagStore.SetRaw(FlagNames.UnifiedPipeline, "not even JSON");

        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "be sure"), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Empty(_rollout.Flags.Health.Problems);
    }

    [Fact]
    public async Task A_Flag_That_Is_Not_There_Is_Missing_And_Changed_By_Nobody_And_The_Next_Advance_Creates_It()
    {
        foreach (string missing in (string[])[FlagNames.UnifiedPipeline, FlagNames.Comparison])
        {
            _rollout.FlagStore.Remove(missing);
        }

        await _rollout.MinuteAsync();

        RolloutState state = await _rollout.StateAsync();
        Assert.Null(state.RolledBack);
        Assert.Empty(state.Drift);
        Assert.Equal("off, missing", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        OperationResult advanced = await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "on with it", r => r with { Force = true }), Cancel);

        Assert.Equal(OperationResult.DoneCode, advanced.Code);
        Assert.Equal("label beta-test + 100 %", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.Comparison));
        Assert.Empty(_rollout.Flags.Health.Problems);
    }

    [Fact]
    public async Task While_No_Flags_Were_Ever_Read_Nothing_Is_Advanced_Over_Them()
    {
        using var rollout = new RolloutFixture("half");
        rollout.FlagStore.Down = "no connection.";

        OperationResult refused = await rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "on with it", r => r with { Force = true }), Cancel);

        Assert.Equal(OperationResult.RefusedCode, refused.Code);
    }

    [Fact]
    public async Task A_Custom_Description_Is_Not_Drift_And_Survives_A_Write()
    {
        const string Before = "With the unified analysis switched off, the legacy one runs; off: the issue waits.";
        string flag = (await _rollout.Flags.RefreshAsync(Cancel)).Find(FlagNames.AnalysisFallback)!.Json;
        JsonObject old = JsonNode.Parse(flag)!.AsObject();
        old["description"] = Before;
        _rollout.FlagStore.SetRaw(FlagNames.AnalysisFallback, old.ToJsonString());

        await _rollout.MinuteAsync();

        Assert.Empty((await _rollout.StateAsync()).Drift);
        Assert.Contains(
            Before, FlagSettingWriter.Apply(FlagNames.AnalysisFallback, old, FlagSetting.Off), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Stage_Switched_Off_In_The_Portal_Falls_Back_To_Its_Legacy_Logic_In_Every_Phase()
    {
        using var rollout = new RolloutFixture("cleanup");
        Assert.Equal("off", await rollout.FlagAsync(FlagNames.AnalysisFallback));
        rollout.FlagStore.Set(FlagNames.Analysis, FlagSetting.Off);

        await rollout.MinuteAsync();

        RolloutState state = await rollout.StateAsync();
        Assert.Equal((RollbackKind.Partial, null), (state.RolledBack?.Kind, state.Transition));
        Assert.Equal(("on", "off"), (await rollout.FlagAsync(FlagNames.AnalysisFallback), await rollout.FlagAsync(FlagNames.PreparationFallback)));
        await rollout.MinuteAsync();
        Assert.Empty((await rollout.StateAsync()).Drift);
    }

    private async Task<Announcement[]> ToldAsync() => [.. (await _rollout.StateAsync()).Outbox.Where(a => a.Topic == Topics.RolloutChanged)];
}
