using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The GitHub workflows that the rollout plan names, switched over the simulated GitHub's REST routes.</summary>
public sealed class WorkflowRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_Workflows_Are_Disabled_Once_After_A_Dry_Run_That_Changes_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        OperationResult planned = await CallAsync(app, "disable", new { @operator = "kim", dryRun = true, workflows = "old" });
        OperationResult done = await CallAsync(app, "disable", new { @operator = "kim", reason = "cutover", workflows = "old" });
        OperationResult again = await CallAsync(app, "disable", new { @operator = "kim", workflows = "old" });

        Assert.Equal((OperationResult.PlannedCode, OperationResult.DoneCode, OperationResult.NothingToDoCode), (planned.Code, done.Code, again.Code));
        Assert.Equal(2, planned.Lines.Count(l => l.Contains("would be disabled", StringComparison.Ordinal)));
        Assert.Contains(done.Lines, l => l.EndsWith("ops-issue-processing-pr.yml disabled", StringComparison.Ordinal));
        Assert.All(again.Lines, l => Assert.EndsWith("is disabled already", l, StringComparison.Ordinal));
        AuditEntry[] audit = [.. (await app.Services.GetRequiredService<RolloutStateRepository>().ReadAuditAsync(20, Stop)).Where(e => e.What == "workflow")];
        Assert.Equal([("kim", "cutover"), ("kim", "cutover")], audit.Select(e => (e.Who, e.Reason)));
    }

    [Fact]
    public async Task A_Phase_Wants_Its_Own_Workflows_Enabled_And_The_Others_Not()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        OperationResult followed = await CallAsync(app, "follow", new { @operator = "kim" });

        Assert.Equal(OperationResult.DoneCode, followed.Code);
        Assert.Contains(followed.Lines, l => l.EndsWith("ops-unified-pipeline.yml disabled", StringComparison.Ordinal));
        Assert.Contains(followed.Lines, l => l.EndsWith("ops-workflow-assignment.yml is enabled already", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Missing_Permission_Is_Told_And_Refused()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "workflows", Effect = FaultEffect.NotFound, Times = 0 });

        HttpResponseMessage response = await app.PostAsync("api/workflows/enable", new { @operator = "kim", workflows = "new" });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("it needs access to Actions", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable", "{}", HttpStatusCode.BadRequest)]
    [InlineData("enable", """{"operator":"kim","workflows":"all"}""", HttpStatusCode.BadRequest)]
    [InlineData("delete", """{"operator":"kim"}""", HttpStatusCode.NotFound)]
    public async Task What_Makes_No_Sense_Is_Refused(string action, string body, HttpStatusCode expected)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.PostAsync($"api/workflows/{action}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);

        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<OperationResult> CallAsync(PipelineApp app, string action, object request)
    {
        HttpResponseMessage response = await app.PostAsync($"api/workflows/{action}", request);
        string body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<OperationResult>(body, RolloutJson.Options)!;
    }
}
