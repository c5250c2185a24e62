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
    public async Task A_completion_that_loses_to_a_run_follows_it()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.Person(PersonActionKind.CloseAsCompleted, issue);

        DeliveryStart start = await LoseAsync(app, issue, "auto", WorkKind.CompletionByClosing);
        await app.IdleAsync();

        Assert.NotEqual(issue.InstanceId, start.InstanceId);
        Assert.Equal(["completed"], app.View(issue).Labels);
    }

    [Fact]
    public async Task A_delivery_that_loses_to_a_run_of_one_stage_has_the_rest_of_the_way_done()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        await LoseAsync(app, issue, "analysis", WorkKind.Pipeline);
        await app.IdleAsync();

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task A_delivery_that_loses_to_a_run_of_its_own_kind_is_taken_care_of_by_it()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        DeliveryStart start = await LoseAsync(app, issue, "auto", WorkKind.Pipeline);
        await app.IdleAsync();

        Assert.Equal(issue.InstanceId, start.InstanceId);
        Assert.Single(app.RecordsOf(issue));
    }

    /// <summary>Starts a run by hand, holds it at its first read, and has a delivery come too late.</summary>
    private static async Task<DeliveryStart> LoseAsync(PipelineApp app, IssueRef issue, string stage, WorkKind work)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Before("query", _ => told.Task);
        (await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { Stage = stage })).EnsureSuccessStatusCode();
        await using RacingClient client = new(app.Durable);
        DeliveryStart start = await app.Services.GetRequiredService<RunStarter>().StartDeliveryAsync(client, issue, work, "delivery-that-loses", Stop);
        told.SetResult();
        return start;
    }
}
