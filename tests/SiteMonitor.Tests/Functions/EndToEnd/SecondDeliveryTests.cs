using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>GitHub sends several deliveries for one act, and its replicas may lag behind them.</summary>
public sealed class SecondDeliveryTests
{
    private const int IssueCount = 20;

    /// <summary>Longer than the lag of a replica that is one second behind.</summary>
    private static readonly TimeSpan ReplicaLag = TimeSpan.FromSeconds(1.1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opened_And_Labeled_Together_Cost_No_More_Than_One_Run()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        app.OpenClear();
        await app.IdleAsync();
        (long requests, long deliveries) = (app.GitHub.Stats.GitHubRequests, app.GitHub.Stats.Deliveries);

        IssueRef[] issues = [.. Enumerable.Range(0, IssueCount).Select(_ => app.OpenClear("customer", "P1"))];
        await app.IdleAsync();

        Assert.True(app.GitHub.Stats.Deliveries - deliveries >= 2 * IssueCount, "Each issue came with several deliveries.");
        Assert.All(issues, issue => Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome));
        Assert.InRange(app.GitHub.Stats.GitHubRequests - requests, 1, 5 * IssueCount);
    }

    [Fact]
    public async Task A_Second_Delivery_Does_Not_Repeat_A_Failed_Run_But_Its_Own_Repetition_Does()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.SkipsTimers = true;
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError, Times = 0 });
        DeliveryBuilder opened = Delivery(app, issue, "opened");
        DeliveryBuilder labeled = Delivery(app, issue, "labeled");
        DeliveryBuilder late = Delivery(app, issue, "labeled");
        await app.Http.SendAsync(opened.Build(), Stop);
        await app.Http.SendAsync(labeled.Build(), Stop);
        await app.IdleAsync();
        HttpResponseMessage third = await app.Http.SendAsync(late.Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal(RunOutcome.Failed, Assert.Single(app.RecordsOf(issue)).Outcome);

        app.GitHub.ClearFaults();
        HttpResponseMessage again = await app.Http.SendAsync(labeled.Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal([RunOutcome.Failed, RunOutcome.Succeeded], app.RecordsOf(issue).Select(r => r.Outcome));
    }

    [Fact]
    public async Task A_Change_After_The_First_Read_Is_Not_Taken_For_Seen()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");
        await app.Http.SendAsync(Delivery(app, issue, "opened").Build(), Stop);
        await app.IdleAsync();
        app.Person(UserActionKind.AddLabel, issue, "osint-researcher");

        await app.Http.SendAsync(Delivery(app, issue, "labeled", "osint-researcher").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal([RunOutcome.Waiting, RunOutcome.Succeeded], app.RecordsOf(issue).Where(r => r.Kind == RunKind.Run).Select(r => r.Outcome));
    }

    [Theory]
    [InlineData("site-monitor")]
    [InlineData("intelligence-analyst")]
    [InlineData("site-monitor", "urgent")]
    public async Task A_Replica_That_Does_Not_Know_The_Issue_Yet_Is_Asked_Once_More(params string[] labels)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("New ransomware campaign", "A threat actor runs a ransomware campaign with new malware.", labels);
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.StaleRead, DelayMs = 3_600_000 });

        await app.Http.SendAsync(Delivery(app, issue, "opened").Build(), Stop);
        await app.IdleAsync();

        RunRecord record = Assert.Single(app.RecordsOf(issue));
        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal(1, app.GitHub.Stats.FaultsInjected);
    }

    [Fact]
    public async Task An_Issue_That_A_Replica_Still_Shows_Open_Is_Completed_All_The_Same()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        await Task.Delay(ReplicaLag, TimeProvider.System, Stop);
        app.Person(UserActionKind.CloseAsCompleted, issue);
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.StaleRead, DelayMs = 1_000 });

        await app.Http.SendAsync(Delivery(app, issue, "closed").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(["completed"], app.View(issue).Labels);
    }

    [Theory]
    [InlineData(1_000, true, "copilot-assigned,intelligence-analyst")]
    [InlineData(3_600_000, true, "copilot-assigned,intelligence-analyst")]
    [InlineData(1_000, false, "needs clarification,site-monitor")]
    [InlineData(3_600_000, false, "needs clarification,site-monitor")]
    public async Task A_Replica_That_Lags_Behind_The_Runs_Own_Writes_Is_Asked_Once_More(int lag, bool isClear, string labels)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = isClear ? app.OpenClear() : app.Open("Something", "It may be something.", "site-monitor");
        await Task.Delay(ReplicaLag, TimeProvider.System, Stop);
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.StaleRead, DelayMs = lag, Skip = 1 });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(isClear ? RunOutcome.Succeeded : RunOutcome.Waiting, record.Outcome);
        Assert.Equal(labels, string.Join(',', app.View(issue).Labels.Order()));
        Assert.False(record.ManualIntervention, "Nobody but us touched the labels.");
        Assert.Equal(1, app.GitHub.Stats.FaultsInjected);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(3_600_000)]
    public async Task A_Replica_That_Does_Not_Show_Our_Label_Yet_Does_Not_Keep_It_From_Being_Removed(int lag)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await Task.Delay(ReplicaLag, TimeProvider.System, Stop);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.BadCredentials, Times = 0 });
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.StaleRead, DelayMs = lag, Skip = 1 });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Failed, "model-unauthorized"), (record.Outcome, record.ReasonCode));
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
    }

    [Fact]
    public async Task A_Replica_That_Does_Not_Know_A_Merged_Pull_Request_Yet_Is_Asked_Once_More()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.StaleRead, DelayMs = 3_600_000, Times = 1 });

        app.Person(UserActionKind.Merge, issue);
        await app.IdleAsync();

        Assert.Equal(["completed"], app.View(issue).Labels);
    }

    private static DeliveryBuilder Delivery(PipelineApp app, IssueRef issue, string action, string label = "site-monitor")
    {
        IssueView view = app.View(issue);
        JsonObject shown = DeliveryBuilder.Issue(issue.Number, view.IsOpen ? "open" : "closed", view.Labels, view.StateReason);
        shown["updated_at"] = view.UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return DeliveryBuilder.Of("issues", new JsonObject
        {
            ["action"] = action,
            ["issue"] = shown,
            ["label"] = new JsonObject { ["name"] = label },
        });
    }
}
