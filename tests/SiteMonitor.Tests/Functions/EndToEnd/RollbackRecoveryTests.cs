using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What the application says on the way back from a rollback, in a phase whose gate counts incidents.</summary>
public sealed class RollbackRecoveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_Response_Names_The_Next_Step_Until_The_Evidence_Is_Reset()
    {
        await using PipelineApp app = await StartAsync("full");

        OperationResult rolledBack = await OperateAsync(app, "rollout/rollback");
        Assert.Contains("Incident: INC-1, acknowledged by maria", rolledBack.Lines);
        Assert.Contains("incidents resolve INC-1 ", (await OperateAsync(app, "rollout/resume")).Next, StringComparison.Ordinal);
        Assert.Contains("incidents resolve INC-1 ", (await StatusAsync(app)).Next, StringComparison.Ordinal);

        await OperateAsync(app, "incidents/INC-1/resolve");
        string counted = (await StatusAsync(app)).Next;
        Assert.Contains("INC-1 is resolved", counted, StringComparison.Ordinal);
        Assert.Contains("rollout reset-evidence", counted, StringComparison.Ordinal);

        await OperateAsync(app, "rollout/reset-evidence");
        Assert.StartsWith("Wait for more data: ", (await StatusAsync(app)).Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Comparison_With_Runs_Before_The_Phase_Is_Never_Met_By_Waiting_When_There_Are_None()
    {
        await using PipelineApp app = await StartAsync("full");
        await app.RunAsync(app.OpenClear());

        RolloutForecast forecast = RolloutJson.Read<RolloutForecast>(await app.Http.GetStringAsync("api/rollout/forecast", Stop));

        CriterionForecast p95 = forecast.Gate.Single(c => c.Id == "p95");
        Assert.True(p95.Never);
        Assert.Contains("20 unified runs from before this phase, and there are 0", p95.When, StringComparison.Ordinal);
        Assert.Null(forecast.GateMetAt);
    }

    private static async Task<PipelineApp> StartAsync(string phase)
    {
        PipelineApp app = await PipelineApp.StartAsync(
            services: services => services.AddSingleton<IRolloutStore>(new MemoryRolloutStore()),
            settings: new Dictionary<string, string?> { ["Rollout:InitialPhase"] = phase });
        await OperateAsync(app, "rollout/resume", overwriteDrift: true);
        return app;
    }

    private static async Task<OperationResult> OperateAsync(PipelineApp app, string path, bool overwriteDrift = false)
    {
        OperatorRequest request = new() { Operator = "maria", Reason = "a trial", OverwriteDrift = overwriteDrift };
        using StringContent content = new(RolloutJson.Write(request), null, "application/json");
        using HttpResponseMessage response = await app.Http.PostAsync($"api/{path}", content, Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return RolloutJson.Read<OperationResult>(body);
    }

    private static async Task<RolloutStatus> StatusAsync(PipelineApp app) =>
        RolloutJson.Read<RolloutStatus>(await app.Http.GetStringAsync("api/rollout", Stop));
}
