using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

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

    [Fact]
    public async Task A_Delivery_That_Came_While_A_Run_Was_Active_Does_Not_Repeat_It_When_It_Fails_Meanwhile()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        IssueView view = app.View(issue);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.BadCredentials, Times = 0 });
        TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Before("query", _ => looked.Task);
        (await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest())).EnsureSuccessStatusCode();

        await using RacingClient client = new(app.Durable)
        {
            BeforeStart = async () =>
            {
                looked.TrySetResult();
                await app.EndAsync(issue);
            },
        };
        await app.Services.GetRequiredService<RunStarter>().StartForDeliveryAsync(
            client, issue, WorkKind.Pipeline, "delivery-of-the-same-moment", new IssueObservation(view.Labels, view.UpdatedAt), Stop);
        await app.IdleAsync();

        Assert.Equal(RunOutcome.Failed, Assert.Single(app.RecordsOf(issue)).Outcome);
    }

    /// <summary>Starts a run by hand, holds it at its first read, and has a delivery come too late.</summary>
    private static async Task<StartResult> LoseAsync(PipelineApp app, IssueRef issue, string stage, WorkKind work)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Before("query", _ => told.Task);
        (await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { Stage = stage })).EnsureSuccessStatusCode();
        await using RacingClient client = new(app.Durable) { StaleReads = 1 };
        StartResult start = await app.Services.GetRequiredService<RunStarter>().StartForDeliveryAsync(client, issue, work, "delivery-that-loses", delivered: null, Stop);
        told.SetResult();
        return start;
    }
}
