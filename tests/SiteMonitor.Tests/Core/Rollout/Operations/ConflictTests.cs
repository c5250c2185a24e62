using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout.Operations;

/// <summary>Somebody saves between an operation's look and its own save.</summary>
public sealed class ConflictTests : IDisposable
{
    private RolloutFixture _rollout = new("half");

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task A_Rollback_Is_Made_Whatever_Else_Was_Saved_At_The_Same_Moment()
    {
        await BeforeTheNextSaveAsync(() => _rollout.Control.RunAsync("freeze", RolloutFixture.By("bob", "holidays"), Cancel));

        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        RolloutState state = await _rollout.StateAsync();
        Assert.Equal(("bob", RollbackKind.Full), (state.Frozen?.By, state.RolledBack?.Kind));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task A_Rollback_Is_Made_Also_When_Somebody_Advances_Between_Its_Look_And_Its_Save()
    {
        OperatorRequest forced = RolloutFixture.By("bob", "go", r => r with { Force = true });
        await BeforeTheNextSaveAsync(() => _rollout.Control.RunAsync("advance", forced, Cancel));

        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns", r => r with { Phase = "half" }), Cancel);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        Assert.Equal(("full", "off"), ((await _rollout.StateAsync()).Phase, await _rollout.FlagAsync(FlagNames.UnifiedPipeline)));
    }

    [Fact]
    public async Task Of_Two_Who_Advance_At_Once_The_Second_Does_Not_Go_One_Further()
    {
        _rollout.Dispose();
        _rollout = new RolloutFixture("soft-launch");
        OperatorRequest forced = RolloutFixture.By("ada", "go", r => r with { Force = true });
        await BeforeTheNextSaveAsync(() => _rollout.Control.RunAsync("advance", forced with { Operator = "bob" }, Cancel));

        OperationResult result = await _rollout.Control.RunAsync("advance", forced, Cancel);

        Assert.Equal(OperationResult.ConflictCode, result.Code);
        Assert.Equal("parallel", (await _rollout.StateAsync()).Phase);
        Assert.Single(_rollout.Store.Audit, e => e.What == "advance");
    }

    [Fact]
    public async Task An_Incident_Acknowledged_By_Two_At_Once_Is_The_First_Ones()
    {
        await _rollout.Incidents.OpenAsync(RolloutFixture.By("ada", "it smells"), Cancel);
        await BeforeTheNextSaveAsync(() => _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("bob"), Cancel));

        OperationResult result = await _rollout.Incidents.AcknowledgeAsync("INC-1", RolloutFixture.By("ada"), Cancel);

        Assert.Equal(OperationResult.NothingToDoCode, result.Code);
        Incident incident = Assert.Single((await _rollout.StateAsync()).Incidents);
        Assert.Equal("bob", incident.AcknowledgedBy);
    }

    [Fact]
    public async Task A_No_Go_Reopens_What_People_Had_Confirmed()
    {
        _rollout.Dispose();
        _rollout = new RolloutFixture("soft-launch");
        await _rollout.ConfirmAllAsync();

        await _rollout.Control.RunAsync("no-go", RolloutFixture.By("ada", "not yet"), Cancel);

        Assert.Empty((await _rollout.StateAsync()).Confirmations);
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "withdraw", Who: "ada" } && e.Before.Contains("go", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Step_Back_Reopens_What_People_Had_Confirmed_In_The_Phase_It_Enters()
    {
        await _rollout.ConfirmAllAsync();
        string phase = (await _rollout.StateAsync()).Phase;
        Assert.NotEmpty((await _rollout.StateAsync()).Confirmations);
        await _rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);

        await _rollout.Control.RunAsync("back", RolloutFixture.By("ada", "too early"), Cancel);

        Assert.DoesNotContain((await _rollout.StateAsync()).Confirmations, c => c.Phase == phase);
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "withdraw", Who: "ada" });
    }

    [Fact]
    public async Task A_Rollback_Is_Made_However_Often_Others_Save_First()
    {
        await _rollout.StateAsync();
        int others = 0;
        async Task SaveFirstAsync()
        {
            _rollout.Store.BeforeSave = null;
            await _rollout.Control.RunAsync("reset-evidence", RolloutFixture.By("bob", "again"), Cancel);
            _rollout.Store.BeforeSave = ++others < 12 ? SaveFirstAsync : null;
        }

        _rollout.Store.BeforeSave = SaveFirstAsync;
        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);

        Assert.Equal((OperationResult.DoneCode, 12), (result.Code, others));
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task The_Flags_Of_A_Saved_Rollback_Are_Written_Although_Its_Caller_Has_Gone()
    {
        using CancellationTokenSource caller = new();
        bool isFirst = true;
        _rollout.FlagStore.OnWrite = _ =>
        {
            caller.Cancel();
            (bool conflict, isFirst) = (isFirst, false);
            return conflict ? new FlagWriteResult.Conflict() : null;
        };

        OperationResult result = await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), caller.Token);

        Assert.Equal(OperationResult.DoneCode, result.Code);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    [Fact]
    public async Task A_Rollback_Of_A_Stage_Does_Not_Replace_A_Full_One()
    {
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.On);

        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("bob", "me too", r => r with { Stage = "analysis" }), Cancel);

        Assert.Equal(RollbackKind.Full, (await _rollout.StateAsync()).RolledBack?.Kind);
        Assert.Equal("off", await _rollout.FlagAsync(FlagNames.UnifiedPipeline));
    }

    private async Task BeforeTheNextSaveAsync(Func<Task> other)
    {
        await _rollout.StateAsync();
        _rollout.Store.BeforeSave = async () =>
        {
            _rollout.Store.BeforeSave = null;
            await other();
        };
    }
}
