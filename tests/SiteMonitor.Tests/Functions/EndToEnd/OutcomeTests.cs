using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Triggers.Webhook;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What became of an issue after its run is recorded from the deliveries that come anyway.</summary>
public sealed class OutcomeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_Specialist_Makes_The_Choice_A_Wrong_One_At_No_Call_To_GitHub()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        Assert.Equal((1, 1), RightChoices(app));
        app.Flags.Off("AutomaticTriggers");
        long calls = app.GitHub.Stats.GitHubRequests;

        app.Person(UserActionKind.AddLabel, issue, "target-profiler");
        app.Person(UserActionKind.RemoveLabel, issue, "intelligence-analyst");
        await app.IdleAsync();

        RunRecord[] changes = [.. Outcomes(app, issue, OutcomeCodes.SpecialistChanged)];
        Assert.Equal(["target-profiler"], changes[^1].Specialists);
        Assert.Single(Outcomes(app, issue, OutcomeCodes.ManualIntervention));
        Assert.Equal((0, 1), RightChoices(app));
        Assert.Equal(calls, app.GitHub.Stats.GitHubRequests);
    }

    [Fact]
    public async Task A_Run_That_Nobody_Corrects_Leaves_No_Outcome()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        app.Person(UserActionKind.AddLabel, issue, "customer-4711");
        app.Person(UserActionKind.Comment, issue, text: "Thanks.");
        await app.IdleAsync();

        Assert.DoesNotContain(app.RecordsOf(issue), r => r.Kind == RunKind.Outcome);
    }

    [Fact]
    public async Task Copilot_Taken_Off_Is_An_Intervention()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        app.Person(UserActionKind.Unassign, issue, "Copilot");
        await app.IdleAsync();

        Assert.Empty(app.View(issue).Assignees);
        Assert.Single(Outcomes(app, issue, OutcomeCodes.ManualIntervention));
    }

    [Theory]
    [InlineData(true, OutcomeCodes.PullRequestMerged, 1)]
    [InlineData(false, OutcomeCodes.PullRequestClosed, 0)]
    public async Task What_Becomes_Of_Copilots_Pull_Request_Is_Recorded(bool merged, string code, int right)
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.Flags.Off("AutomaticTriggers");

        await DeliverAsync(app, PullRequest($"Closes #{issue.Number}", "Copilot", "NONE", merged));
        await app.IdleAsync();

        Assert.Single(Outcomes(app, issue, code));
        Assert.Equal((right, 1), RightChoices(app));
    }

    [Fact]
    public async Task A_Stranger_Cannot_Make_A_Choice_Look_Wrong()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        await DeliverAsync(app, PullRequest($"Closes #{issue.Number}", "mallory", "NONE", merged: false));
        await DeliverAsync(app, PullRequest($"Closes #{issue.Number}", "mallory", "CONTRIBUTOR", merged: false));
        await app.IdleAsync();

        Assert.Equal((1, 1), RightChoices(app));
        await DeliverAsync(app, PullRequest($"Closes #{issue.Number}", "grace", "MEMBER", merged: false));
        await app.IdleAsync();
        Assert.Equal((0, 1), RightChoices(app));
    }

    [Fact]
    public async Task A_Pull_Request_Of_Copilot_That_Names_No_Issue_Is_Looked_Up()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.Flags.Off("AutomaticTriggers");
        app.Person(UserActionKind.OpenPullRequest, issue);
        int number = app.GitHub.Issues(PipelineApp.Repository).Single(i => i.IsPullRequest).Number;

        await DeliverAsync(app, PullRequest("Work on the finding.", "Copilot", "NONE", merged: false, number));
        await app.IdleAsync();

        Assert.Single(Outcomes(app, issue, OutcomeCodes.PullRequestClosed));
    }

    [Fact]
    public async Task A_Reopened_Issue_Is_Recorded()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.Person(UserActionKind.CloseAsCompleted, issue);
        await app.IdleAsync();

        app.Person(UserActionKind.Reopen, issue);
        await app.IdleAsync();

        Assert.Single(Outcomes(app, issue, OutcomeCodes.IssueReopened));
    }

    [Fact]
    public async Task The_Same_Delivery_Again_Records_Nothing_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        DeliveryBuilder delivery = PullRequest($"Closes #{issue.Number}", "Copilot", "NONE", merged: false);

        await DeliverAsync(app, delivery);
        await app.IdleAsync();
        await DeliverAsync(app, delivery);
        await app.IdleAsync();

        Assert.Single(Outcomes(app, issue, OutcomeCodes.PullRequestClosed));
    }

    [Fact]
    public async Task A_New_Issue_Costs_No_Orchestration_Of_This_Kind()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        app.Flags.Off("AutomaticTriggers");
        OwnLogins logins = app.Services.GetRequiredService<OwnLogins>();
        while (!logins.IsPerson("mona-lisa"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        await DeliverAsync(app, DeliveryBuilder.Labeled(7, "site-monitor", "site-monitor", "bug"));
        await DeliverAsync(app, DeliveryBuilder.Labeled(8, "intelligence-analyst", "site-monitor", "intelligence-analyst"));
        await app.IdleAsync();

        Assert.Equal(1, await CountAsync(app, "IssueOutcome"));
    }

    private static async Task DeliverAsync(PipelineApp app, DeliveryBuilder delivery) =>
        Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(delivery.Build(), Stop)).StatusCode);

    private static async Task<int> CountAsync(PipelineApp app, string orchestrator)
    {
        int count = 0;
        await foreach (Microsoft.DurableTask.Client.OrchestrationMetadata instance in app.Durable.GetAllInstancesAsync())
        {
            count += instance.Name == orchestrator ? 1 : 0;
        }

        return count;
    }

    private static DeliveryBuilder PullRequest(string body, string author, string association, bool merged, int number = 900) =>
        DeliveryBuilder.Of("pull_request", new JsonObject
        {
            ["action"] = "closed",
            ["pull_request"] = new JsonObject
            {
                ["number"] = number,
                ["merged"] = merged,
                ["body"] = body,
                ["user"] = new JsonObject { ["login"] = author },
                ["author_association"] = association,
            },
        });

    private static IEnumerable<RunRecord> Outcomes(PipelineApp app, IssueRef issue, string code) =>
        app.RecordsOf(issue).Where(r => r.Kind == RunKind.Outcome && r.ReasonCode == code);

    private static (int Right, int Of) RightChoices(PipelineApp app)
    {
        Proportion right = new RunStatistics(app.Ledger.Records).RightChoices;
        return (right.Count, right.Of);
    }
}
