using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Workflows;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Workflows;

/// <summary>GitHub's workflows follow phase and rollback, whoever changed those.</summary>
public sealed class WorkflowControlTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("full");
    private readonly Switches _switches = new();

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task After_A_Rollback_In_The_Portal_The_Old_Workflows_Run_Again()
    {
        WorkflowControl workflows = NewControl();
        Assert.Null(await workflows.ReconcileAsync("guard", Cancel));
        _rollout.FlagStore.Set(FlagNames.UnifiedPipeline, FlagSetting.Off);
        await _rollout.MinuteAsync();

        Assert.NotNull(await workflows.ReconcileAsync("guard", Cancel));
        Assert.Null(await workflows.ReconcileAsync("guard", Cancel));

        Assert.Equal([("ops-workflow-assignment.yml", true), ("ops-issue-processing-pr.yml", true), ("ops-unified-pipeline.yml", false)], _switches.Calls);
        Assert.Contains(_rollout.Store.Audit, e => e is { What: "workflow", Who: "guard" } && e.Reason.Contains("Switched off outside SiteMonitor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_Wait_For_The_Flags_Of_An_Advance_That_Cannot_Be_Written()
    {
        using var rollout = new RolloutFixture("half");
        var workflows = new WorkflowControl(rollout.States, _switches, [RepositoryRef.Parse("octo/watch")]);
        await workflows.ReconcileAsync("guard", Cancel);
        rollout.FlagStore.OnWrite = _ => new FlagWriteResult.Failed("the flag is locked (409).");
        await rollout.Control.RunAsync("advance", RolloutFixture.By("ada", "go", r => r with { Force = true }), Cancel);

        Assert.Null(await workflows.ReconcileAsync("guard", Cancel));

        rollout.FlagStore.OnWrite = _ => null;
        await rollout.MinuteAsync();
        Assert.NotNull(await workflows.ReconcileAsync("guard", Cancel));
    }

    [Fact]
    public async Task Those_That_An_Operator_Switches_By_Hand_Stay_So_Until_Phase_Or_Rollback_Change()
    {
        WorkflowControl workflows = NewControl();
        await workflows.SetAsync(enabled: true, RolloutFixture.By("ada", "emergency", r => r with { Workflows = "old" }), Cancel);

        Assert.Null(await workflows.ReconcileAsync("guard", Cancel));
    }

    [Fact]
    public async Task Disabling_Says_Which()
    {
        OperationResult both = await NewControl().SetAsync(enabled: false, RolloutFixture.By("ada", "cleanup"), Cancel);

        Assert.Equal(OperationResult.InvalidCode, both.Code);
        Assert.Empty(_switches.Calls);
    }

    [Fact]
    public async Task A_Try_That_Fails_Is_Made_Again_And_After_The_Fifth_A_Person_Is_Told_Once()
    {
        WorkflowControl workflows = NewControl();
        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "it burns"), Cancel);
        _switches.Result = WorkflowChangeResult.Failed;
        int tries = 0;
        while (await workflows.ReconcileAsync("guard", Cancel) is not null)
        {
            tries++;
        }

        Assert.Equal(5, tries);
        Assert.Equal(3, _rollout.Store.Audit.Count(e => e.What == "workflow"));
        Announcement told = Assert.Single((await _rollout.StateAsync()).Outbox, a => a.Title.Contains("workflows could not be switched", StringComparison.Ordinal));
        Assert.Contains(told.Lines, l => l.Contains("gh workflow enable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_State_From_Before_This_Was_Kept_Counts_As_Standing_Right()
    {
        await _rollout.States.UpdateUntilSavedAsync(edit => edit.State = edit.State with { Workflows = null }, Cancel);

        Assert.Null(await NewControl().ReconcileAsync("guard", Cancel));

        Assert.Empty(_switches.Calls);
        Assert.Equal(new WorkflowSwitchState(WorkflowMode.New), (await _rollout.StateAsync()).Workflows);
    }

    [Fact]
    public async Task When_None_Can_Be_Switched_The_Operation_Has_Failed()
    {
        _switches.Result = WorkflowChangeResult.Failed;

        OperationResult result = await NewControl().SetAsync(enabled: true, RolloutFixture.By("ada", "emergency"), Cancel);

        Assert.True(result.Failed);
        Assert.Contains("gh workflow enable", result.Next, StringComparison.Ordinal);
    }

    private WorkflowControl NewControl() => new(_rollout.States, _switches, [RepositoryRef.Parse("octo/watch")]);

    private sealed class Switches : IWorkflowSwitch
    {
        public List<(string File, bool Enabled)> Calls { get; } = [];

        public WorkflowChangeResult Result { get; set; } = WorkflowChangeResult.Done;

        public Task<WorkflowChange> SetAsync(RepositoryRef repository, string file, bool enabled, bool dryRun, CancellationToken cancellationToken)
        {
            Calls.Add((file, enabled));
            return Task.FromResult(new WorkflowChange(repository.ToString(), file, enabled, Result));
        }
    }
}
