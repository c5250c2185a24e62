using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Two starts of one issue at the same moment that want different work: both are told "started", and one execution runs.</summary>
public sealed class LostRaceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Completion_That_Loses_To_A_Run_Follows_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.Person(UserActionKind.CloseAsCompleted, issue);

        StartResult start = await LoseAsync(app, issue, "auto", WorkKind.CompletionByClosing);
        await app.IdleAsync();

        Assert.NotEqual(issue.InstanceId, start.InstanceId);
        Assert.Equal(["completed"], app.View(issue).Labels);
    }

    [Fact]
    public async Task A_Delivery_That_Loses_To_A_Run_Of_One_Stage_Has_The_Rest_Of_The_Way_Done()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        await LoseAsync(app, issue, "analysis", WorkKind.Pipeline);
        await app.IdleAsync();

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task A_Delivery_That_Loses_To_A_Run_Of_Its_Own_Kind_Is_Taken_Care_Of_By_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        StartResult start = await LoseAsync(app, issue, "auto", WorkKind.Pipeline);
        await app.IdleAsync();

        Assert.Equal(issue.InstanceId, start.InstanceId);
        Assert.Single(app.RecordsOf(issue));
    }

    /// <summary>Starts a run by hand, holds it at its first read, and has a delivery come too late.</summary>
    private static async Task<StartResult> LoseAsync(PipelineApp app, IssueRef issue, string stage, WorkKind work)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Before("query", _ => told.Task);
        (await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { Stage = stage })).EnsureSuccessStatusCode();
        await using RacingClient client = new(app.Durable);
        StartResult start = await app.Services.GetRequiredService<RunStarter>().StartForDeliveryAsync(client, issue, work, "delivery-that-loses", delivered: null, Stop);
        told.SetResult();
        return start;
    }
}
