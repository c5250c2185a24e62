using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What the application says on the way back from a rollback, in a phase whose gate counts incidents.</summary>
public sealed class RollbackRecoveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_Response_Names_The_Next_Step_Until_The_Evidence_Is_Reset()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync("full");

        OperationResult rolledBack = await OperateAsync(scene, "rollout/rollback");
        Assert.Contains("Incident: INC-1, acknowledged by maria", rolledBack.Lines);
        Assert.Contains("incidents resolve INC-1 ", (await OperateAsync(scene, "rollout/resume")).Next, StringComparison.Ordinal);
        Assert.Contains("incidents resolve INC-1 ", (await StatusAsync(scene)).Next, StringComparison.Ordinal);

        await OperateAsync(scene, "incidents/INC-1/resolve");
        string counted = (await StatusAsync(scene)).Next;
        Assert.Contains("INC-1 is resolved", counted, StringComparison.Ordinal);
        Assert.Contains("rollout reset-evidence", counted, StringComparison.Ordinal);

        await OperateAsync(scene, "rollout/reset-evidence");
        Assert.StartsWith("Wait for more data: ", (await StatusAsync(scene)).Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Comparison_With_Runs_Before_The_Phase_Is_Never_Met_By_Waiting_When_There_Are_None()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync("full");
        await scene.App.RunAsync(scene.App.OpenClear());

        RolloutForecast forecast = RolloutJson.Read<RolloutForecast>(await scene.App.Http.GetStringAsync("api/rollout/forecast", Stop));

        CriterionForecast p95 = forecast.Gate.Single(c => c.Id == "p95");
        Assert.True(p95.Never);
        Assert.Contains("20 unified runs from before this phase, and there are 0", p95.When, StringComparison.Ordinal);
        Assert.Null(forecast.GateMetAt);
    }

    private static Task<OperationResult> OperateAsync(DashboardScene scene, string path) =>
        scene.PostAsync(path, new OperatorRequest { Operator = "maria", Reason = "a trial" });

    private static async Task<RolloutStatus> StatusAsync(DashboardScene scene) =>
        RolloutJson.Read<RolloutStatus>(await scene.App.Http.GetStringAsync("api/rollout", Stop));
}
