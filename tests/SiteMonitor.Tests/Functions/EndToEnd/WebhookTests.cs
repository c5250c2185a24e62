using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Deliveries over HTTP, to the route anybody can call.</summary>
public sealed class WebhookTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Signed_Delivery_Starts_The_Run_And_Is_Answered_With_Its_Instance_And_No_Management_Address()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        HttpResponseMessage answer = await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "site-monitor").Build(), Stop);

        string body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains(issue.InstanceId, body, StringComparison.Ordinal);
        Assert.DoesNotContain("http", body, StringComparison.OrdinalIgnoreCase);
        await app.EndAsync(issue);
        RunRecord record = Assert.Single(app.RecordsOf(issue));
        Assert.Equal((RunOutcome.Succeeded, TriggerNames.Webhook), (record.Outcome, record.Trigger));
    }

    [Fact]
    public async Task Names_Of_Every_Legal_Shape_Get_An_Instance_Of_Their_Own_Whatever_Their_Case()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        string[] names = ["a/b", $"{new string('o', 39)}/{new string('r', 100)}", "o/.github", "o/a.b_c-d", "emu_corp/x", "o/-", "o/1", "O/1.2"];
        List<string?> instances = [];
        foreach (string name in names)
        {
            DeliveryBuilder delivery = DeliveryBuilder.Labeled(7, "site-monitor").With("repository", new JsonObject { ["full_name"] = name });
            HttpResponseMessage answer = await app.Http.SendAsync(delivery.Build(), Stop);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            instances.Add((await answer.Content.ReadFromJsonAsync(ContractJson.Default.WebhookResponse, Stop))!.InstanceId);
        }

        Assert.Equal(names.Length, instances.Distinct().Count());
        Assert.All(instances, id => Assert.Matches("^[a-z0-9:._~-]{1,100}$", id));
    }

    [Fact]
    public async Task A_Delivery_That_Is_Not_Signed_With_Our_Secret_Over_Its_Very_Bytes_Is_Refused()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DeliveryBuilder delivery = DeliveryBuilder.Labeled(1, "site-monitor");
        byte[] body = Encoding.UTF8.GetBytes(delivery.Json());
        HttpRequestMessage unsigned = delivery.Build();
        unsigned.Headers.Remove(WebhookSignature.HeaderName);
        HttpRequestMessage old = delivery.Build();
        old.Headers.Remove(WebhookSignature.HeaderName);
        old.Headers.Add("X-Hub-Signature", "sha1=0000000000000000000000000000000000000000");
        HttpRequestMessage[] refused =
        [
            unsigned,
            old,
            new DeliveryBuilder { Secret = "another secret" }.With("issue", null).Build(),
            delivery.Build([.. body, (byte)' '], signedBody: body),
            delivery.Build([], signedBody: body),
        ];

        foreach (HttpRequestMessage request in refused)
        {
            HttpResponseMessage answer = await app.Http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Empty(await InstancesAsync(app));
    }

    [Theory]
    [InlineData("issues", """{ "action": "labeled" }""")]
    [InlineData("issues", "[]")]
    [InlineData("issues", "not json")]
    [InlineData("pull_request", """{ "action": "closed", "repository": { "full_name": "a/b" } }""")]
    [InlineData("issues", """{ "action": "opened", "repository": { "full_name": "../x" }, "issue": { "number": 1, "state": "open", "labels": [] } }""")]
    public async Task A_Signed_Delivery_That_GitHub_Would_Not_Send_Is_Malformed(string name, string json)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.Http.SendAsync(new DeliveryBuilder { Event = name }.Build(Encoding.UTF8.GetBytes(json)), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Stop))!.Errors);
    }

    [Fact]
    public async Task More_Than_25_MB_Is_Refused_Before_It_Is_Read()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        HttpRequestMessage request = new DeliveryBuilder().Build(new byte[(25 * 1024 * 1024) + 1], signedBody: []);

        HttpResponseMessage answer = await app.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("push")]
    public async Task An_Event_That_Is_None_Of_Ours_Is_Answered_With_The_Reason(string name)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.Http.SendAsync(DeliveryBuilder.Of(name, []).Build(), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        WebhookResponse read = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.WebhookResponse, Stop))!;
        Assert.Null(read.InstanceId);
        Assert.NotEmpty(read.Reason);
    }

    [Fact]
    public async Task With_Automatic_Triggers_Off_A_Delivery_Is_Answered_With_The_Reason_And_Starts_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("AutomaticTriggers");

        HttpResponseMessage answer = await app.Http.SendAsync(DeliveryBuilder.Labeled(app.OpenClear().Number, "site-monitor").Build(), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("AutomaticTriggers", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Empty(await InstancesAsync(app));
    }

    [Fact]
    public async Task The_Same_Delivery_Again_Does_Nothing_Twice()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        DeliveryBuilder delivery = DeliveryBuilder.Labeled(issue.Number, "site-monitor");
        await app.Http.SendAsync(delivery.Build(), Stop);
        await app.Http.SendAsync(delivery.Build(), Stop);
        await app.IdleAsync();
        int writes = app.GitHub.Writes.Count;

        HttpResponseMessage again = await app.Http.SendAsync(delivery.Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(writes, app.GitHub.Writes.Count);
        Assert.Single(app.RecordsOf(issue));
    }

    [Fact]
    public async Task A_Redelivery_After_A_Failed_First_Try_Works()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.SkipsTimers = true;
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError, Times = 0 });
        DeliveryBuilder delivery = DeliveryBuilder.Labeled(issue.Number, "site-monitor");
        await app.Http.SendAsync(delivery.Build(), Stop);
        await app.IdleAsync();
        app.GitHub.ClearFaults();

        HttpResponseMessage again = await app.Http.SendAsync(delivery.Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal([RunOutcome.Failed, RunOutcome.Succeeded], app.RecordsOf(issue).Select(r => r.Outcome));
    }

    [Fact]
    public async Task Sixty_Four_Deliveries_At_Once_For_One_Issue_Make_One_Run_At_A_Time_And_Each_Write_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 64)
            .Select(_ => app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "site-monitor").Build(), Stop)));
        await app.IdleAsync();

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
        Assert.Single(app.View(issue).Comments);
        Assert.Equal(2, app.View(issue).BodyHistory.Count);
        Assert.Equal(3, app.GitHub.Writes.Where(w => w.Via != "person" && w.Issue == issue.Canonical).Select(w => w.Request).Distinct().Count());
        Assert.Single(app.RecordsOf(issue), r => r.Outcome == RunOutcome.Succeeded);
        Assert.InRange(app.RecordsOf(issue).Count, 1, 8);
    }

    [Fact]
    public async Task A_Delivery_That_Comes_While_A_Run_Is_On_Is_Not_Lost()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Page changed", "Something changed on the page.", "site-monitor");
        Task<HttpResponseMessage>? second = null;
        app.GitHub.After("removeLabelsFromLabelable", async stop =>
        {
            // The run is in its last write, after which it reads the issue no more.
            app.Person(UserActionKind.AddLabel, issue, "osint-researcher");
            second = app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "osint-researcher", "site-monitor", "needs clarification", "osint-researcher").Build(), stop);
            await second;
        });

        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "site-monitor").Build(), Stop);
        await app.EndAsync(issue);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await second!).StatusCode);
        Assert.Equal([RunOutcome.Waiting, RunOutcome.Succeeded], app.RecordsOf(issue).Select(r => r.Outcome));
        Assert.Equal(["copilot-assigned", "osint-researcher"], app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task GitHubs_Own_Deliveries_Take_An_Issue_The_Whole_Way_And_Our_Echoes_Start_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);

        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
        Assert.Single(app.View(issue).Comments);
        Assert.Single(app.RecordsOf(issue), r => r.Outcome == RunOutcome.Succeeded);
        Assert.Equal(0, app.GitHub.Stats.DeliveriesFailed);
    }

    private static async Task<List<string>> InstancesAsync(PipelineApp app)
    {
        List<string> found = [];
        await foreach (OrchestrationMetadata instance in app.Durable.GetAllInstancesAsync(new OrchestrationQuery()))
        {
            found.Add($"{instance.Name} {instance.InstanceId}");
        }

        return found;
    }
}
