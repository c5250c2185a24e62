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
    public async Task A_signed_delivery_starts_the_run_and_is_answered_with_its_instance_and_no_management_address()
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
    public async Task Names_of_every_legal_shape_get_an_instance_of_their_own_whatever_their_case()
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
    public async Task A_delivery_that_is_not_signed_with_our_secret_over_its_very_bytes_is_refused()
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
    public async Task A_signed_delivery_that_GitHub_would_not_send_is_malformed(string name, string json)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.Http.SendAsync(new DeliveryBuilder { Event = name }.Build(Encoding.UTF8.GetBytes(json)), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Stop))!.Errors);
    }

    [Fact]
    public async Task More_than_25_MB_is_refused_before_it_is_read()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        HttpRequestMessage request = new DeliveryBuilder().Build(new byte[(25 * 1024 * 1024) + 1], signedBody: []);

        HttpResponseMessage answer = await app.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("push")]
    public async Task An_event_that_is_none_of_ours_is_answered_with_the_reason(string name)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.Http.SendAsync(DeliveryBuilder.Of(name, []).Build(), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        WebhookResponse read = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.WebhookResponse, Stop))!;
        Assert.Null(read.InstanceId);
        Assert.NotEmpty(read.Reason);
    }

    [Fact]
    public async Task With_automatic_triggers_off_a_delivery_is_answered_with_the_reason_and_starts_nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("AutomaticTriggers");

        HttpResponseMessage answer = await app.Http.SendAsync(DeliveryBuilder.Labeled(app.OpenClear().Number, "site-monitor").Build(), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("AutomaticTriggers", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Empty(await InstancesAsync(app));
    }

    [Fact]
    public async Task The_same_delivery_again_does_nothing_twice()
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
    public async Task A_redelivery_after_a_failed_first_try_works()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
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
    public async Task Sixty_four_deliveries_at_once_for_one_issue_make_one_run_at_a_time_and_each_write_once()
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
        Assert.Equal(4, app.GitHub.Writes.Where(w => w.Via != "person" && w.Issue == issue.Canonical).Select(w => w.Request).Distinct().Count());
        Assert.Single(app.RecordsOf(issue), r => r.Outcome == RunOutcome.Succeeded);
        Assert.InRange(app.RecordsOf(issue).Count, 1, 8);
    }

    [Fact]
    public async Task A_delivery_that_comes_while_a_run_is_on_is_not_lost()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Page changed", "Something changed on the page.", "site-monitor");
        Task<HttpResponseMessage>? second = null;
        app.GitHub.After("removeLabelsFromLabelable", async stop =>
        {
            // The run is in its last write, after which it reads the issue no more.
            app.Person(PersonActionKind.AddLabel, issue, "osint-researcher");
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
    public async Task GitHubs_own_deliveries_take_an_issue_the_whole_way_and_our_echoes_start_nothing()
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
